import type { Caller } from '../../context.js'
import { forbidden } from '../errors.js'

/** Who may do what: the default rules of a stock Keystone (keystone/common/policies/base.py). */

/** @throws forbidden unless the caller has the admin role */
export function requireAdmin(caller: Caller, action: string): void {
  if (!caller.isAdmin) throw forbidden(`identity:${action}`)
}

/** @throws forbidden unless the caller is that user, or an admin */
export function requireSelf(caller: Caller, userId: string, action: string): void {
  if (caller.userId !== userId) requireAdmin(caller, action)
}
