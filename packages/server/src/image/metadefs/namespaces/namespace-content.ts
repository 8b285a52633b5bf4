import type { Refusal } from '../../../refusal.js'
import type { DefinitionKind } from '../definitions/definition.js'
import { duplicateAssociation, duplicateObject, duplicateProperty, duplicateTag } from '../duplicates.js'
import { refuseFourByteTexts } from '../four-byte-texts.js'
import type { MetadefStore } from '../metadef-store.js'
import { objectContent, objectTexts, readObject, toWireObject } from '../objects/metadef-object.js'
import type { PropertyTypes } from '../properties/property-type.js'
import { toWireAssociation } from '../resource-types/association.js'
import type { NamespaceContent, NewNamespace } from './metadef-namespace.js'
import type { NamespaceRecord } from './namespace-repository.js'

type Named = Pick<NamespaceRecord, 'id' | 'namespace'>

/** The associations of a namespace; undefined if it has none. */
export function readAssociations(
  { resourceTypes }: MetadefStore,
  { id }: Named,
): Pick<NamespaceContent, 'resource_type_associations'> {
  const associations = resourceTypes.associations(id)
  return associations.length > 0 ? { resource_type_associations: associations.map(toWireAssociation) } : {}
}

/** All that a namespace holds. What there is none of is left out. */
export function readContent(store: MetadefStore, { id, namespace }: Named): NamespaceContent {
  const { definitions } = store
  const properties = definitions
    .list(id, 'property')
    .map(({ name, content }) => [name, JSON.parse(content) as PropertyTypes[string]] as const)
  const objects = definitions.list(id, 'object').map((each) => toWireObject(namespace, readObject(each), each))
  const newestFirst = { key: 'created_at', direction: 'desc', limit: undefined, after: undefined } as const
  const tags = definitions.page(id, 'tag', newestFirst)
  return {
    ...readAssociations(store, { id, namespace }),
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(objects.length > 0 && { objects }),
    ...(tags.length > 0 && { tags: tags.map(({ name }) => ({ name })) }),
  }
}

/** What is sent with a new namespace. */
type HeldByNamespace = Pick<NewNamespace, 'resource_type_associations' | 'objects' | 'tags' | 'properties'>

/** The times of what is inserted. */
interface Times {
  readonly created_at: number
  readonly updated_at: number | null
}

/**
 * Inserts what a new namespace holds, in Glance's order. Belongs into a transaction.
 * @param times called for each, so that what comes later is newer
 * @throws conflict when a name occurs twice; invalid for characters that cannot be kept
 */
export function insertContent(
  { definitions, resourceTypes }: MetadefStore,
  { id, namespace }: Named,
  { resource_type_associations = [], objects = [], tags = [], properties = {} }: HeldByNamespace,
  times: () => Times,
): void {
  for (const { name, prefix = null, properties_target = null } of resource_type_associations) {
    if (resourceTypes.findAssociation(id, name) !== undefined) throw duplicateAssociation(namespace, name)
    resourceTypes.associate(id, { name, prefix, properties_target, ...times() })
  }
  const insert = (
    kind: DefinitionKind,
    name: string,
    content: string,
    texts: object,
    duplicate: (namespace: string, name: string) => Refusal,
  ) => {
    refuseFourByteTexts('create metadata namespace', texts)
    if (definitions.find(id, kind, name) !== undefined) throw duplicate(namespace, name)
    definitions.insert(id, kind, { name, content, ...times() })
  }
  for (const object of objects)
    insert('object', object.name, objectContent(object), objectTexts(object), duplicateObject)
  for (const { name } of tags) insert('tag', name, '{}', { name }, duplicateTag)
  for (const [name, property] of Object.entries(properties)) {
    insert('property', name, JSON.stringify(property), { name, ...property }, duplicateProperty)
  }
}
