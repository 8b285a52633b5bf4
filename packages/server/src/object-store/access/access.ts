import type { Caller } from '../../context.js'
import { Refusal } from '../../refusal.js'
import { type Acl, admitsReferer, parseAcl } from './acl.js'

/** What a request wants to do with a resource: GET and HEAD read, everything else writes. */
export type Right = 'read' | 'write'

/** An account, a container or an object. */
export interface Place {
  readonly account: string
  readonly container?: string | undefined
  readonly object?: string | undefined
}

/** The rights of one request. */
export interface Access {
  /** Whether the requester administers the account, and so sees its access lists and keys (Swift's `swift_owner`). */
  isOwner(account: string): boolean
  /** Whether the requester has the role that may do everything in every account. */
  readonly isReseller: boolean
  has(right: Right, place: Place): boolean
  /** @throws Refusal unauthenticated without a caller, forbidden with one */
  require(right: Right, place: Place): void
}

/** Who sends a request. */
export interface Requester {
  /** Undefined without a valid token. */
  readonly caller: Caller | undefined
  readonly referer: string | undefined
}

/** Finds a container's access list; undefined when it has none or does not exist. */
export type AclOf = (right: Right, account: string, container: string) => string | undefined

/** The roles that may do everything in the account of their project (`operator_roles`). */
const operatorRoles: readonly string[] = ['admin', 'member']
/** The role that may do everything in every account. */
const resellerAdminRole = 'reselleradmin'

/**
 * Decides access as Swift does with Keystone (swift/common/middleware/keystoneauth.py `authorize`): everything in the
 * own account with an operator role; and in a container that lists the caller, its objects, and its listing too.
 */
export function createAccess({ caller, referer }: Requester, aclOf: AclOf): Access {
  const isReseller = caller?.roles.some((role) => role.toLowerCase() === resellerAdminRole) ?? false
  const isOwner = (account: string): boolean => {
    if (caller === undefined || isReseller) return isReseller
    return isOwn(caller, account) && caller.roles.some((role) => operatorRoles.includes(role))
  }

  const isListed = (right: Right, { account, container, object }: Place): boolean => {
    if (container === undefined || (right === 'write' && object === undefined)) return false
    const acl = parseAcl(aclOf(right, account, container))
    if (caller !== undefined && namesUser(acl, caller)) return true
    if (admitsReferer(acl, referer)) return object !== undefined || acl.groups.includes('.rlistings')
    return caller !== undefined && isOwn(caller, account) && namesRole(acl, caller)
  }

  const has: Access['has'] = (right, place) => isOwner(place.account) || isListed(right, place)

  return {
    isOwner,
    isReseller,
    has,
    require(right, place) {
      if (!has(right, place)) throw new Refusal(caller === undefined ? 'unauthenticated' : 'forbidden')
    },
  }
}

/**
 * The same rights, but only to the places that `allows` names; others are refused as without a token.
 */
export function restricted(access: Access, allows: (place: Place) => boolean): Access {
  return {
    ...access,
    has: (right, place) => allows(place) && access.has(right, place),
    require(right, place) {
      if (!allows(place)) throw new Refusal('unauthenticated')
      access.require(right, place)
    },
  }
}

function isOwn({ projectId }: Caller, account: string): boolean {
  return projectId !== undefined && account === `AUTH_${projectId}`
}

/** `project:user`, each by id, name or `*`. */
function namesUser({ groups }: Acl, { projectId, projectName, userId, userName }: Caller): boolean {
  const users = new Set([userId, userName, '*'])
  const projects = new Set([projectId, projectName, '*'])
  return groups.some((group) => {
    const colon = group.indexOf(':')
    return colon >= 0 && projects.has(group.slice(0, colon)) && users.has(group.slice(colon + 1))
  })
}

function namesRole({ groups }: Acl, { roles }: Caller): boolean {
  const named = groups.map((group) => group.toLowerCase())
  return roles.some((role) => named.includes(role.toLowerCase()))
}
