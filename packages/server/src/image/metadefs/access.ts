import type { Caller } from '../../context.js'
import { forbidden, notAuthorized, notFound } from '../errors.js'

/**
 * Who may do what with metadata definitions: the default rules of a stock Glance (glance/policies/metadef.py). They
 * know project scope alone. Reading needs the role reader, everything else the role admin; an admin sees everything.
 */

/** The fields of a namespace that these rules depend on. */
export interface NamespaceSubject {
  readonly namespace: string
  readonly owner: string
  /** Null: that of a namespace that came with the service, which is shown as private. */
  readonly visibility: 'public' | 'private' | null
}

/** Whether the namespace exists for the caller (glance/db/sqlalchemy/metadef_api/namespace.py). */
export function canSee(caller: Caller, { owner, visibility }: NamespaceSubject): boolean {
  return caller.isAdmin || visibility === 'public' || (caller.projectId !== undefined && owner === caller.projectId)
}

/** The refusal of a request for something that the caller may not know of. */
const hidden = () => notFound('The resource could not be found.')

/** @throws not-found unless the caller may read metadata definitions at all */
export function requireReader(caller: Caller): void {
  if (!isReader(caller)) throw hidden()
}

/** @throws forbidden unless the caller is an admin; not-found for one that may not read either */
export function requireAdmin(caller: Caller, action: string): void {
  requireReader(caller)
  if (!caller.isAdmin) throw notAuthorized(action)
}

/** The namespace, for callers that see it. */
interface Found<N extends NamespaceSubject> {
  readonly namespace: N | undefined
  /** The message for a namespace that does not exist. */
  readonly absent?: string
  /** The message for one that the caller does not see. */
  readonly unseen?: string
}

/**
 * @param name as it was asked for
 * @throws not-found if it does not exist or the caller does not see it
 */
export function requireNamespace<N extends NamespaceSubject>(caller: Caller, name: string, found: Found<N>): N {
  const { namespace, absent = `Namespace ${name} not found`, unseen = `Namespace ${name} not found` } = found
  if (namespace === undefined) throw notFound(absent)
  if (!canSee(caller, namespace)) throw notFound(unseen)
  requireReader(caller)
  return namespace
}

/** Glance's message about an unknown namespace, where it does not hide the difference from one that is not visible. */
export const namespaceAbsent = (name: string) => `Metadata definition namespace=${name} was not found.`

/** Neither the namespace nor everything of a kind in it can be deleted. */
export const protectedNamespace = (name: string) =>
  forbidden(`Metadata definition namespace ${name} is protected and cannot be deleted.`)

function isReader(caller: Caller): boolean {
  return caller.projectId !== undefined && (caller.isAdmin || caller.roles.includes('reader'))
}
