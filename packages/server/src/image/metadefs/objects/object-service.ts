import type { Caller } from '../../../context.js'
import { conflict, forbidden, notFound } from '../../errors.js'
import { namespaceAbsent, protectedNamespace, requireAdmin, requireNamespace } from '../access.js'
import type { DefinitionRecord } from '../definitions/definition.js'
import { duplicateObject } from '../duplicates.js'
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
  const inNamespace = (caller: Caller, name: string): NamespaceRecord =>
    requireNamespace(caller, name, { namespace: namespaces.find(name), absent: namespaceAbsent(name) })
  const findObject = ({ id }: NamespaceRecord, name: string): DefinitionRecord => {
    const object = definitions.find(id, 'object', name)
    if (object === undefined) throw notFound(`Could not find metadata object ${name}`)
    return object
  }
  return {
    list: (caller, namespace) => definitions.list(inNamespace(caller, namespace).id, 'object'),
    get: (caller, namespace, name) => findObject(inNamespace(caller, namespace), name),
    create(caller, namespace, object) {
      const { id } = inNamespace(caller, namespace)
      requireAdmin(caller, 'add_metadef_object')
      refuseFourByteTexts('create metadata object', objectTexts(object))
      if (definitions.find(id, 'object', object.name) !== undefined) throw duplicateObject(namespace, object.name)
      const at = clock()
      const created = { name: object.name, content: objectContent(object), created_at: at, updated_at: at }
      definitions.insert(id, 'object', created)
      return { id, ...created }
    },
    update(caller, namespace, name, object) {
      const found = inNamespace(caller, namespace)
      requireAdmin(caller, 'modify_metadef_object')
      const before = findObject(found, name)
      refuseFourByteTexts('update metadata object', objectTexts(object))
      const other = definitions.find(found.id, 'object', object.name)
      if (other !== undefined && other.id !== before.id) {
        throw conflict(
          `Invalid update. It would result in a duplicate metadata definition object with the same name=${object.name} in namespace=${namespace}.`,
        )
      }
      const after = { ...before, name: object.name, content: objectContent(object) }
      definitions.update(before.id, { ...after, updated_at: clock() })
      return after
    },
    remove(caller, namespace, name) {
      const found = inNamespace(caller, namespace)
      requireAdmin(caller, 'delete_metadef_object')
      const object = findObject(found, name)
      if (found.protected) throw forbidden(`Metadata definition object ${name} is protected and cannot be deleted.`)
      definitions.remove(object.id)
    },
    removeAll(caller, namespace) {
      const found = requireNamespace(caller, namespace, { namespace: namespaces.find(namespace) })
      requireAdmin(caller, 'delete_metadef_namespace')
      if (found.protected) throw protectedNamespace(namespace)
      definitions.removeAll(found.id, 'object')
    },
  }
}
