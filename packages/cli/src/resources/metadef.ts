import type { MetadefAssociation, MetadefNamespace, MetadefObject, MetadefProperty } from '@tyrax/sdk'
import { wireTime } from '../output/cells.js'
import type { Columns } from '../output/columns.js'
import type { Row } from '../output/result.js'

export const namespaceColumns = ['namespace', 'visibility', 'protected', 'resource_types', 'description'] as const

export const namespaceRecord: Columns = {
  names: [
    'namespace',
    'display_name',
    'description',
    'visibility',
    'protected',
    'owner',
    'created_at',
    'updated_at',
    'resource_types',
    'properties',
    'objects',
    'tags',
  ],
}

/** A namespace under Glance's own names, without what is in it. */
export function namespaceRow(namespace: MetadefNamespace): Row {
  const { createdAt, updatedAt } = namespace
  return {
    namespace: namespace.namespace,
    display_name: namespace.displayName,
    description: namespace.description,
    visibility: namespace.visibility,
    protected: namespace.protected,
    owner: namespace.owner,
    created_at: createdAt && wireTime(createdAt),
    updated_at: updatedAt && wireTime(updatedAt),
    resource_types: namespace.resourceTypes.map(({ name }) => name),
  }
}

/** With the names of what is in it. */
export function wholeNamespaceRow(namespace: MetadefNamespace): Row {
  return {
    ...namespaceRow(namespace),
    properties: Object.keys(namespace.properties),
    objects: namespace.objects.map(({ name }) => name),
    tags: namespace.tags,
  }
}

export const propertyColumns = ['name', 'type', 'title', 'enum', 'default'] as const

export const propertyRecord: Columns = {
  names: [
    ...propertyColumns,
    'description',
    'operators',
    'minimum',
    'maximum',
    'pattern',
    'minlength',
    'maxlength',
    'items',
    'readonly',
    'confidential',
  ],
}

export const propertyRow = (name: string, property: MetadefProperty): Row => ({ name, ...property })

export const objectColumns = ['name', 'description', 'required', 'properties'] as const

export const objectRecord: Columns = { names: objectColumns }

/** In lists, `properties` are only names. */
export function objectRow({ name, description, required, properties }: MetadefObject, isWhole: boolean): Row {
  return { name, description, required, properties: isWhole ? properties : Object.keys(properties) }
}

export const associationColumns = ['name', 'prefix', 'properties_target'] as const

export function associationRow({ name, prefix, propertiesTarget }: MetadefAssociation): Row {
  return { name, prefix: prefix ?? null, properties_target: propertiesTarget ?? null }
}
