import type { Caller } from '../../../context.js'
import { forbidden, notFound } from '../../errors.js'
import { protectedNamespace, requireAdmin, requireNamespace } from '../access.js'
import type { MetadefStore } from '../metadef-store.js'
import type { NamespaceRecord } from '../namespaces/namespace-repository.js'
import type { DefinitionKind, DefinitionRecord } from './definition.js'

/** What differs between objects, properties and tags. */
export interface DefinitionTexts {
  readonly kind: DefinitionKind
  /** Glance's message for a definition that does not exist, up to its name. */
  readonly missing: string
  /** The policy that removing one is checked against. */
  readonly removeAction: string
}

/** The rules that objects, properties and tags of a namespace have in common. */
export interface DefinitionRules {
  /** @throws not-found */
  readonly inNamespace: (caller: Caller, namespace: string) => NamespaceRecord
  /** @throws not-found */
  find(namespace: NamespaceRecord, name: string): DefinitionRecord
  /**
   * @param refusal what is thrown if another definition of the kind has the name
   * @param itself the definition that is to be renamed, which may keep its name
   */
  requireUnused(namespace: NamespaceRecord, name: string, refusal: () => Error, itself?: DefinitionRecord): void
  /** @throws forbidden in a protected namespace */
  remove(caller: Caller, namespace: NamespaceRecord, name: string): void
  /** @throws forbidden in a protected namespace */
  readonly removeAll: (caller: Caller, namespace: string) => void
}

export function createDefinitionRules(
  { namespaces, definitions }: MetadefStore,
  { kind, missing, removeAction }: DefinitionTexts,
): DefinitionRules {
  const inNamespace = (caller: Caller, name: string): NamespaceRecord =>
    requireNamespace(caller, name, { namespace: namespaces.find(name) })
  const find = ({ id }: NamespaceRecord, name: string): DefinitionRecord => {
    const definition = definitions.find(id, kind, name)
    if (definition === undefined) throw notFound(`${missing} ${name}`)
    return definition
  }
  return {
    inNamespace,
    find,
    requireUnused({ id }, name, refusal, itself) {
      const other = definitions.find(id, kind, name)
      if (other !== undefined && other.id !== itself?.id) throw refusal()
    },
    remove(caller, namespace, name) {
      requireAdmin(caller, removeAction)
      const definition = find(namespace, name)
      if (namespace.protected) {
        throw forbidden(`Metadata definition ${kind} ${name} is protected and cannot be deleted.`)
      }
      definitions.remove(definition.id)
    },
    removeAll(caller, name) {
      const namespace = inNamespace(caller, name)
      requireAdmin(caller, 'delete_metadef_namespace')
      if (namespace.protected) throw protectedNamespace(name)
      definitions.removeAll(namespace.id, kind)
    },
  }
}
