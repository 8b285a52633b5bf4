import type { Caller } from '../../../context.js'
import { namespaceAbsent, requireAdmin, requireNamespace } from '../access.js'
import type { DefinitionRecord } from '../definitions/definition.js'
import { createDefinitionRules } from '../definitions/definition-rules.js'
import { duplicateObject, duplicateUpdate } from '../duplicates.js'
import { refuseFourByteTexts } from '../four-byte-texts.js'
import type { MetadefParts } from '../metadef-parts.js'
import type { NamespaceRecord } from '../namespaces/namespace-repository.js'
import { objectContent, objectTexts, type NewObject } from './metadef-object.js'

/** The objects of namespaces (glance/api/v2/metadef_objects.py). */
export interface ObjectService {
  /** By name: Glance checks `limit`, `marker` and the sort order, but does not use them. */
  list(caller: Caller, namespace: string): DefinitionRecord[]
  get(caller: Caller, namespace: string, name: string): DefinitionRecord
  create(caller: Caller, namespace: string, object: NewObject): DefinitionRecord
  /** Replaces all of it; may rename it. Returns it with the time of the change before, as Glance does. */
  update(caller: Caller, namespace: string, name: string, object: NewObject): DefinitionRecord
  remove(caller: Caller, namespace: string, name: string): void
  removeAll(caller: Caller, namespace: string): void
}

export function createObjectService({ store, clock }: MetadefParts): ObjectService {
  const { namespaces, definitions } = store
  const rules = createDefinitionRules(store, {
    kind: 'object',
    missing: 'Could not find metadata object',
    removeAction: 'delete_metadef_object',
  })
  // One object is missed in other words than all of them.
  const inNamespace = (caller: Caller, name: string): NamespaceRecord =>
    requireNamespace(caller, name, { namespace: namespaces.find(name), absent: namespaceAbsent(name) })
  return {
    list: (caller, namespace) => definitions.list(inNamespace(caller, namespace).id, 'object'),
    get: (caller, namespace, name) => rules.find(inNamespace(caller, namespace), name),
    create(caller, namespace, object) {
      const found = inNamespace(caller, namespace)
      requireAdmin(caller, 'add_metadef_object')
      refuseFourByteTexts('create metadata object', objectTexts(object))
      rules.requireUnused(found, object.name, () => duplicateObject(namespace, object.name))
      const at = clock()
      const created = { name: object.name, content: objectContent(object), created_at: at, updated_at: at }
      definitions.insert(found.id, 'object', created)
      return { id: found.id, ...created }
    },
    update(caller, namespace, name, object) {
      const found = inNamespace(caller, namespace)
      requireAdmin(caller, 'modify_metadef_object')
      const before = rules.find(found, name)
      refuseFourByteTexts('update metadata object', objectTexts(object))
      rules.requireUnused(found, object.name, () => duplicateUpdate('object', namespace, object.name), before)
      const after = { ...before, name: object.name, content: objectContent(object) }
      definitions.update(before.id, { ...after, updated_at: clock() })
      return after
    },
    remove: (caller, namespace, name) => rules.remove(caller, inNamespace(caller, namespace), name),
    removeAll: rules.removeAll,
  }
}
