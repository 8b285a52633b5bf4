import type { Caller } from '../context.js'
import { SwiftFault } from './errors.js'

const readingMethods = ['GET', 'HEAD', 'OPTIONS']

/**
 * Who may do what (swift/common/middleware/keystoneauth.py): the operator roles, here admin and member, may do all in
 * their own project's account; a reader may read there; an admin of another project is a stranger.
 * @throws SwiftFault 403
 */
export function authorize(caller: Caller, method: string, account: string): void {
  if (caller.projectId === undefined || account !== `AUTH_${caller.projectId}`) throw new SwiftFault(403)
  if (caller.roles.includes('admin') || caller.roles.includes('member')) return
  if (caller.roles.includes('reader') && readingMethods.includes(method)) return
  throw new SwiftFault(403)
}
