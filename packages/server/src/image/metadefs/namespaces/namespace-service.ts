import type { Caller } from '../../../context.js'
import { conflict, forbidden, notFound } from '../../errors.js'
import {
  canSee,
  namespaceAbsent,
  protectedNamespace,
  requireAdmin,
  requireNamespace,
  requireReader,
} from '../access.js'
import { refuseFourByteTexts } from '../four-byte-texts.js'
import type { MetadefParts } from '../metadef-parts.js'
import { insertContent, readAssociations, readContent } from './namespace-content.js'
import type { NamespaceContent, NewNamespace } from './metadef-namespace.js'
import type { NamespaceQuery } from './namespace-query.js'
import type { NamespaceRecord } from './namespace-repository.js'

/** A namespace and what it holds. */
export interface NamespaceDetails {
  readonly namespace: NamespaceRecord
  readonly content: NamespaceContent
}

/** One page of namespaces, each with its associations. */
interface NamespacePage {
  readonly namespaces: readonly NamespaceDetails[]
  /** Undefined on the last page. */
  readonly nextMarker: string | undefined
}

/** Namespaces of metadata definitions (glance/api/v2/metadef_namespaces.py). */
export interface NamespaceService {
  list(caller: Caller, query: NamespaceQuery): NamespacePage
  get(caller: Caller, name: string): NamespaceDetails
  /** With all that it holds, or not at all. */
  create(caller: Caller, namespace: NewNamespace): NamespaceRecord
  /**
   * Replaces its own fields, not what it holds; may rename it. Returns it with the time of the change before, as Glance
   * does.
   */
  update(caller: Caller, name: string, namespace: NewNamespace): NamespaceRecord
  remove(caller: Caller, name: string): void
}

export function createNamespaceService({ store, clock }: MetadefParts): NamespaceService {
  const { namespaces } = store
  const find = (caller: Caller, name: string): NamespaceRecord =>
    requireNamespace(caller, name, { namespace: namespaces.find(name) })
  const findMarker = (caller: Caller, name: string): NamespaceRecord => {
    const marker = namespaces.find(name)
    if (name === '') throw notFound('Metadata definition namespace not found for id=')
    if (marker === undefined) throw notFound(namespaceAbsent(name))
    if (canSee(caller, marker)) return marker
    throw forbidden(`Forbidding request, metadata definition namespace=${name} is not visible.`)
  }

  return {
    list(caller, query) {
      requireReader(caller)
      const after = query.marker === undefined ? undefined : findMarker(caller, query.marker)
      const records = namespaces.list(query, { projectId: caller.isAdmin ? undefined : caller.projectId }, after)
      const isFull = records.length > 0 && records.length === query.limit
      return {
        namespaces: records.map((namespace) => ({
          namespace,
          content: readAssociations(store, namespace),
        })),
        nextMarker: isFull ? records.at(-1)?.namespace : undefined,
      }
    },
    get(caller, name) {
      const namespace = requireNamespace(caller, name, {
        namespace: namespaces.find(name),
        absent: namespaceAbsent(name),
        unseen: 'The resource could not be found.',
      })
      return { namespace, content: readContent(store, namespace) }
    },
    create(caller, given) {
      requireAdmin(caller, 'add_metadef_namespace')
      refuseFourByteTexts('create metadata namespace', ownTexts(given))
      const { namespace, display_name = null, description = null, visibility = 'private', owner } = given
      return store.atomically(() => {
        if (namespaces.find(namespace) !== undefined) {
          throw conflict(`The metadata definition namespace=${namespace} already exists.`)
        }
        const at = clock()
        const record = {
          namespace,
          display_name,
          description,
          visibility,
          protected: given.protected ?? false,
          owner: owner ?? caller.projectId ?? '',
          created_at: at,
          updated_at: at,
        }
        const id = namespaces.insert(record)
        insertContent(store, { id, namespace }, given, () => {
          const later = clock()
          return { created_at: later, updated_at: later }
        })
        return { id, ...record }
      })
    },
    update(caller, name, given) {
      const before = find(caller, name)
      requireAdmin(caller, 'modify_metadef_namespace')
      refuseFourByteTexts('update metadata namespace', ownTexts(given))
      const other = namespaces.find(given.namespace)
      if (other !== undefined && other.id !== before.id) {
        throw conflict(
          `Invalid update. It would result in a duplicate metadata definition namespace with the same name of ${given.namespace}`,
        )
      }
      const after: NamespaceRecord = {
        ...before,
        namespace: given.namespace,
        display_name: given.display_name ?? null,
        description: given.description ?? null,
        visibility: given.visibility ?? 'private',
        protected: given.protected ?? false,
        owner: given.owner || (caller.projectId ?? ''),
      }
      namespaces.update({ ...after, updated_at: clock() })
      return after
    },
    remove(caller, name) {
      const namespace = find(caller, name)
      requireAdmin(caller, 'delete_metadef_namespace')
      if (namespace.protected) throw protectedNamespace(name)
      namespaces.remove(namespace.id)
    },
  }
}

/** Those of the namespace itself. */
function ownTexts({ namespace, display_name, description, owner }: NewNamespace): object {
  return { namespace, display_name, description, owner }
}
