import type { Caller } from '../../context.js'
import { Refusal } from '../../refusal.js'
import { isOfDomain, requireAdmin, requireDomainReader, requireManager, requireReader } from '../access/policy.js'
import type { AssignmentRepository } from '../assignments/assignment-repository.js'
import { defaultDomain } from '../domains/default-domain.js'
import { couldNotFind, forbidden } from '../errors.js'
import type { ProjectRepository } from '../projects/project-repository.js'
import type { RoleRecord, RoleRepository } from '../roles/role-repository.js'
import type { Scope } from '../tokens/scope.js'
import type { UserRepository } from '../users/user-repository.js'

/** Where a role is granted: the kind of place, and its id unless it is the system. */
export type GrantPlace =
  | { readonly kind: 'project'; readonly id: string }
  | { readonly kind: 'domain'; readonly id: string }
  | { readonly kind: 'system' }

export interface Grant {
  readonly place: GrantPlace
  readonly userId: string
  readonly roleId: string
}

/** The roles of users in projects, the domain and the system (keystone/api/projects.py, domains.py, system.py). */
export interface GrantService {
  list(caller: Caller, place: GrantPlace, userId: string): RoleRecord[]
  /** @throws not-found unless the user has the role there */
  check(caller: Caller, grant: Grant): void
  /** Nothing changes if the user has the role there already. */
  create(caller: Caller, grant: Grant): void
  /** Ends the tokens of the user for the place, unless another role is left there. */
  remove(caller: Caller, grant: Grant): void
}

interface GrantServiceParts {
  readonly users: UserRepository
  readonly projects: ProjectRepository
  readonly roles: RoleRepository
  readonly assignments: AssignmentRepository
}

export function createGrantService({ users, projects, roles, assignments }: GrantServiceParts): GrantService {
  const findRole = (id: string): RoleRecord => {
    const role = roles.find(id)
    if (role === undefined) throw couldNotFind('role', id)
    return role
  }
  const requireUser = (id: string) => {
    if (users.find(id) === undefined) throw couldNotFind('user', id)
  }
  const scopeOf = (place: GrantPlace): Scope => {
    if (place.kind === 'system') return place
    if (place.kind === 'domain') {
      if (place.id !== defaultDomain.id) throw couldNotFind('domain', place.id)
      return { kind: 'domain' }
    }
    if (projects.find(place.id) === undefined) throw couldNotFind('project', place.id)
    return { kind: 'project', projectId: place.id }
  }
  const requireGranted = ({ place, userId, roleId }: Grant, scope: Scope, role: RoleRecord) => {
    if (assignments.has({ userId, scope, role: role.name })) return
    const where = place.kind === 'system' ? 'system' : place.id
    throw new Refusal(
      'not-found',
      `Could not find role assignment with role: ${roleId}, user or group: ${userId}, ` +
        `project, domain, or system: ${where}.`,
    )
  }
  // Keystone looks up what a grant names before it asks whether the caller may (`_build_enforcement_target_attr`).
  return {
    list(caller, place, userId) {
      requireUser(userId)
      const scope = scopeOf(place)
      if (place.kind === 'system') requireReader(caller, 'list_system_grants_for_user')
      else requireDomainReader(caller, 'list_grants')
      const names = assignments.rolesOf(userId, scope)
      return roles.list().filter(({ name }) => names.includes(name))
    },
    check(caller, grant) {
      const role = findRole(grant.roleId)
      requireUser(grant.userId)
      const scope = scopeOf(grant.place)
      if (grant.place.kind === 'system') requireReader(caller, 'check_system_grant_for_user')
      else requireDomainReader(caller, 'check_grant')
      requireGranted(grant, scope, role)
    },
    create(caller, grant) {
      const role = findRole(grant.roleId)
      requireUser(grant.userId)
      const scope = scopeOf(grant.place)
      requireGrantor(caller, grant.place, role, 'create')
      assignments.add({ userId: grant.userId, scope, role: role.name })
    },
    remove(caller, grant) {
      const role = findRole(grant.roleId)
      const scope = scopeOf(grant.place)
      requireGrantor(caller, grant.place, role, 'revoke')
      requireGranted(grant, scope, role)
      assignments.remove({ userId: grant.userId, scope, role: role.name })
    },
  }
}

/** The roles that a manager of the domain may give (keystone/common/policies/base.py `domain_managed_target_role`). */
const managedRoles: readonly string[] = ['manager', 'member', 'reader']

/** @throws forbidden */
function requireGrantor(caller: Caller, place: GrantPlace, role: RoleRecord, verb: 'create' | 'revoke'): void {
  if (place.kind === 'system') return requireAdmin(caller, `${verb}_system_grant_for_user`)
  requireManager(caller, `${verb}_grant`)
  const isManager = !caller.isAdmin && isOfDomain(caller, 'manager')
  if (isManager && !managedRoles.includes(role.name)) throw forbidden(`identity:${verb}_grant`)
}
