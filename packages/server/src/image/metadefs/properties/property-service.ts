import type { Caller } from '../../../context.js'
import { conflict, forbidden, notFound } from '../../errors.js'
import { protectedNamespace, requireAdmin, requireNamespace } from '../access.js'
import type { DefinitionRecord } from '../definitions/definition.js'
import { duplicateProperty } from '../duplicates.js'
import { refuseFourByteTexts } from '../four-byte-texts.js'
import type { MetadefParts } from '../metadef-parts.js'
import type { NamespaceRecord } from '../namespaces/namespace-repository.js'

/** A property as it is kept: its name, and JSON of what it may be. */
export type NewProperty = Pick<DefinitionRecord, 'name' | 'content'>

/** The properties of namespaces (glance/api/v2/metadef_properties.py). */
export interface PropertyService {
  /** By name. */
  list(caller: Caller, namespace: string): DefinitionRecord[]
  /** @param resourceType the name begins with the prefix that this type has in the namespace */
  get(caller: Caller, namespace: string, name: string, resourceType: string | undefined): DefinitionRecord
  create(caller: Caller, namespace: string, property: NewProperty): void
  /** Replaces all of it; may rename it. */
  update(caller: Caller, namespace: string, name: string, property: NewProperty): void
  remove(caller: Caller, namespace: string, name: string): void
  removeAll(caller: Caller, namespace: string): void
}

export function createPropertyService({ store, clock }: MetadefParts): PropertyService {
  const { namespaces, definitions, resourceTypes } = store
  const inNamespace = (caller: Caller, name: string): NamespaceRecord =>
    requireNamespace(caller, name, { namespace: namespaces.find(name) })
  const findProperty = ({ id }: NamespaceRecord, name: string): DefinitionRecord => {
    const property = definitions.find(id, 'property', name)
    if (property === undefined) throw notFound(`Could not find property ${name}`)
    return property
  }
  const withoutPrefix = ({ id, namespace }: NamespaceRecord, name: string, type: string): string => {
    const association = resourceTypes.findAssociation(id, type)
    if (association === undefined) {
      throw notFound(
        resourceTypes.isKnown(type)
          ? `The metadata definition resource-type association of resource-type=${type} to namespace=${namespace}, was not found.`
          : `The metadata definition resource-type with name=${type}, was not found.`,
      )
    }
    const { prefix } = association
    if (prefix && name.startsWith(prefix)) return name.slice(prefix.length)
    throw notFound(
      `Property ${name} does not start with the expected resource type association prefix of '${prefix ?? 'None'}'.`,
    )
  }
  return {
    list: (caller, namespace) => definitions.list(inNamespace(caller, namespace).id, 'property'),
    get(caller, namespace, name, resourceType) {
      const found = inNamespace(caller, namespace)
      return findProperty(found, resourceType ? withoutPrefix(found, name, resourceType) : name)
    },
    create(caller, namespace, property) {
      const { id } = inNamespace(caller, namespace)
      requireAdmin(caller, 'add_metadef_property')
      refuseFourByteTexts('create metadata property', textsOf(property))
      if (definitions.find(id, 'property', property.name) !== undefined) {
        throw duplicateProperty(namespace, property.name)
      }
      const at = clock()
      definitions.insert(id, 'property', { ...property, created_at: at, updated_at: at })
    },
    update(caller, namespace, name, property) {
      const found = inNamespace(caller, namespace)
      requireAdmin(caller, 'modify_metadef_property')
      const before = findProperty(found, name)
      refuseFourByteTexts('update metadata property', textsOf(property))
      const other = definitions.find(found.id, 'property', property.name)
      if (other !== undefined && other.id !== before.id) {
        throw conflict(
          `Invalid update. It would result in a duplicate metadata definition property with the same name=${property.name} in namespace=${namespace}.`,
        )
      }
      definitions.update(before.id, { ...property, updated_at: clock() })
    },
    remove(caller, namespace, name) {
      const found = inNamespace(caller, namespace)
      requireAdmin(caller, 'remove_metadef_property')
      const property = findProperty(found, name)
      if (found.protected) throw forbidden(`Metadata definition property ${name} is protected and cannot be deleted.`)
      definitions.remove(property.id)
    },
    removeAll(caller, namespace) {
      const found = inNamespace(caller, namespace)
      requireAdmin(caller, 'delete_metadef_namespace')
      if (found.protected) throw protectedNamespace(namespace)
      definitions.removeAll(found.id, 'property')
    },
  }
}

function textsOf({ name, content }: NewProperty): object {
  return { name, ...(JSON.parse(content) as object) }
}
