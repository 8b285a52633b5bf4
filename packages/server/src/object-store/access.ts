import type { Caller } from '../context.js'
import { Refusal } from '../refusal.js'

/**
 * Checks access (swift/common/middleware/keystoneauth.py): the operator roles, here admin and member, may do everything
 * in their own project's account; a reader may read there; an admin of another project has no access.
 * @throws Refusal forbidden
 */
export function authorize(caller: Caller, what: 'read' | 'write', account: string): void {
  if (caller.projectId === undefined || account !== `AUTH_${caller.projectId}`) throw new Refusal('forbidden')
  if (caller.roles.includes('admin') || caller.roles.includes('member')) return
  if (caller.roles.includes('reader') && what === 'read') return
  throw new Refusal('forbidden')
}
