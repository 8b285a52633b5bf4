import type { Caller } from '../../context.js'
import { forbidden } from '../errors.js'

/** Who may do what: the default rules of a stock Keystone (keystone/common/policies/base.py). */

/** @throws forbidden unless the caller has the admin role */
export function requireAdmin(caller: Caller, action: string): void {
  if (!caller.isAdmin) throw forbidden(`identity:${action}`)
}

/** @throws forbidden unless the caller is an admin, or a reader of the system */
export function requireReader(caller: Caller, action: string): void {
  if (!isReader(caller)) throw forbidden(`identity:${action}`)
}

/** @throws forbidden unless the caller is an admin, or a reader of the system or the domain */
export function requireDomainReader(caller: Caller, action: string): void {
  if (!isReader(caller) && !isOfDomain(caller, 'reader')) throw forbidden(`identity:${action}`)
}

/** @throws forbidden unless the caller is an admin, or a manager of the domain */
export function requireManager(caller: Caller, action: string): void {
  if (!caller.isAdmin && !isOfDomain(caller, 'manager')) throw forbidden(`identity:${action}`)
}

/**
 * For what is to be created: a manager names the domain in the request.
 * @throws forbidden unless the caller is an admin, or a manager of the domain that is named
 */
export function requireManagerOf(caller: Caller, domainId: unknown, action: string): void {
  if (domainId === caller.domainId) requireManager(caller, action)
  else requireAdmin(caller, action)
}

/** @throws forbidden unless the caller is that user, or an admin */
export function requireSelf(caller: Caller, userId: string, action: string): void {
  if (caller.userId !== userId) requireAdmin(caller, action)
}

/** @throws forbidden unless the caller is that user, an admin, or a reader of the system or the domain */
export function requireSelfOrReader(caller: Caller, userId: string, action: string): void {
  if (caller.userId !== userId) requireDomainReader(caller, action)
}

/**
 * For access rules, which are not even an admin's (keystone/common/policies/access_rule.py).
 * @throws forbidden unless the caller is that user, or has this role in the system
 */
export function requireSelfOrSystem(caller: Caller, userId: string, role: 'reader' | 'admin', action: string): void {
  if (caller.userId === userId || (isOfSystem(caller) && caller.roles.includes(role))) return
  throw forbidden(`identity:${action}`)
}

/** Whether the token is for the domain, with this role. */
export function isOfDomain({ domainId, roles }: Caller, role: string): boolean {
  return domainId !== undefined && roles.includes(role)
}

function isReader(caller: Caller): boolean {
  return caller.isAdmin || (isOfSystem(caller) && caller.roles.includes('reader'))
}

/** A token with roles that is neither for a project nor for a domain is for the system. */
function isOfSystem({ projectId, domainId, roles }: Caller): boolean {
  return projectId === undefined && domainId === undefined && roles.length > 0
}
