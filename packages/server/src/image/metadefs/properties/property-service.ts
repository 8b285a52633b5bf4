import type { Caller } from '../../../context.js'
import { notFound } from '../../errors.js'
import { requireAdmin } from '../access.js'
import type { DefinitionRecord } from '../definitions/definition.js'
import { createDefinitionRules } from '../definitions/definition-rules.js'
import { duplicateProperty, duplicateUpdate } from '../duplicates.js'
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
  const { definitions, resourceTypes } = store
  const rules = createDefinitionRules(store, {
    kind: 'property',
    missing: 'Could not find property',
    removeAction: 'remove_metadef_property',
  })
  const { inNamespace } = rules
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
      return rules.find(found, resourceType ? withoutPrefix(found, name, resourceType) : name)
    },
    create(caller, namespace, property) {
      const found = inNamespace(caller, namespace)
      requireAdmin(caller, 'add_metadef_property')
      refuseFourByteTexts('create metadata property', textsOf(property))
      rules.requireUnused(found, property.name, () => duplicateProperty(namespace, property.name))
      const at = clock()
      definitions.insert(found.id, 'property', { ...property, created_at: at, updated_at: at })
    },
    update(caller, namespace, name, property) {
      const found = inNamespace(caller, namespace)
      requireAdmin(caller, 'modify_metadef_property')
      const before = rules.find(found, name)
      refuseFourByteTexts('update metadata property', textsOf(property))
      rules.requireUnused(found, property.name, () => duplicateUpdate('property', namespace, property.name), before)
      definitions.update(before.id, { ...property, updated_at: clock() })
    },
    remove: (caller, namespace, name) => rules.remove(caller, inNamespace(caller, namespace), name),
    removeAll: rules.removeAll,
  }
}

function textsOf({ name, content }: NewProperty): object {
  return { name, ...(JSON.parse(content) as object) }
}
