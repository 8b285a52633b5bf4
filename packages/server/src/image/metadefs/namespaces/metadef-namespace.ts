import type { MetadefVisibility, WireMetadefNamespace } from '@tyrax/protocol'
import { wireTime } from '../../images/wire-time.js'
import { checkSchema, schemaMismatch } from '../../schemas/check-schema.js'
import { namespaceDocument } from '../../schemas/metadef-documents.js'
import { namespacePath } from '../namespace-path.js'
import { toObject, type NewObject } from '../objects/metadef-object.js'
import { refuseOthers, toPropertyTypes, type PropertyTypes } from '../properties/property-type.js'
import { toAssociation, type NewAssociation } from '../resource-types/association.js'
import type { NamespaceRecord } from './namespace-repository.js'

/** A namespace as it is sent. */
export interface NewNamespace {
  readonly namespace: string
  readonly display_name?: string
  readonly description?: string
  readonly visibility?: MetadefVisibility
  readonly protected?: boolean
  readonly owner?: string
  readonly resource_type_associations?: readonly NewAssociation[]
  readonly properties?: PropertyTypes
  readonly objects?: readonly NewObject[]
  readonly tags?: readonly { readonly name: string }[]
}

type Value = Readonly<Record<string, unknown>>

/**
 * Reads the body of a request that changes a namespace (glance/api/v2/metadef_namespaces.py).
 * @throws invalid
 */
export function parseNamespace(body: unknown): NewNamespace {
  checkSchema(namespaceDocument, body)
  const schema = namespaceDocument.name
  const { resource_type_associations, properties, objects, tags, ...fields } = body as Value
  return {
    ...(fields as unknown as Pick<NewNamespace, 'namespace'>),
    ...(resource_type_associations !== undefined && {
      resource_type_associations: (resource_type_associations as Value[]).map((each) => toAssociation(each, schema)),
    }),
    ...(properties !== undefined && { properties: toPropertyTypes(properties as Value, schema) }),
    ...(objects !== undefined && { objects: (objects as Value[]).map((each) => toObject(each, schema)) }),
    ...(tags !== undefined && { tags: (tags as Value[]).map(toTag) }),
  }
}

/**
 * Reads the body of a request that creates a namespace. An object's link to itself is refused; Glance responds to it with
 * 500, although it ignores the object's other links and times, and all of them in a change.
 * @throws invalid
 */
export function parseNewNamespace(body: unknown): NewNamespace {
  const namespace = parseNamespace(body)
  const { objects = [] } = body as { readonly objects?: readonly object[] }
  if (objects.some((object) => Object.hasOwn(object, 'self'))) refuseOthers(['self'], namespaceDocument.name)
  return namespace
}

function toTag({ name, created_at: _created, updated_at: _updated, ...others }: Value): { name: string } {
  refuseOthers(Object.keys(others), namespaceDocument.name)
  if (typeof name !== 'string') throw schemaMismatch(namespaceDocument.name, "'name' is a required property of a tag")
  return { name }
}

/** What a namespace holds. */
export type NamespaceContent = Pick<
  WireMetadefNamespace,
  'resource_type_associations' | 'properties' | 'objects' | 'tags'
>

/** A namespace as Glance returns it. What is empty in its content is left out. */
export function toWireNamespace(record: NamespaceRecord, content: object = {}): object {
  const { namespace, display_name, description, visibility, owner, created_at, updated_at } = record
  return {
    namespace,
    ...(display_name !== null && { display_name }),
    ...(description !== null && { description }),
    visibility: visibility ?? 'private',
    protected: record.protected,
    owner,
    created_at: wireTime(created_at),
    ...(updated_at !== null && { updated_at: wireTime(updated_at) }),
    ...content,
    self: namespacePath(namespace),
    schema: '/v2/schemas/metadefs/namespace',
  }
}

/**
 * What a namespace holds, with the names that its properties have on resources of a type
 * (`_prefix_property_name`).
 */
export function withPrefix(content: NamespaceContent, resourceType: string): NamespaceContent {
  const prefix = content.resource_type_associations?.find(({ name }) => name === resourceType)?.prefix
  if (!prefix) return content
  const prefixed = <T>(map: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(map).map(([name, each]) => [prefix + name, each]))
  return {
    ...content,
    ...(content.properties && { properties: prefixed(content.properties) }),
    ...(content.objects && {
      objects: content.objects.map(({ properties = {}, required = [], ...object }) => ({
        ...object,
        required: required.map((name) => prefix + name),
        properties: prefixed(properties),
      })),
    }),
  }
}
