import type { Caller } from '../../context.js'
import { Refusal } from '../../refusal.js'
import { isOfDomain, requireAdmin, requireDomainReader, requireManager, requireReader } from '../access/policy.js'
import type { AssignmentRepository } from '../assignments/assignment-repository.js'
import { defaultDomain } from '../domains/default-domain.js'
import { couldNotFind, forbidden } from '../errors.js'
import type { GroupRepository } from '../groups/group-repository.js'
import type { ProjectRepository } from '../projects/project-repository.js'
import type { RoleRecord, RoleRepository } from '../roles/role-repository.js'
import type { Scope } from '../tokens/scope.js'
import type { UserRepository } from '../users/user-repository.js'

/** Where a role is granted: the kind of place, and its id unless it is the system. */
export type GrantPlace =
  | { readonly kind: 'project'; readonly id: string }
  | { readonly kind: 'domain'; readonly id: string }
  | { readonly kind: 'system' }

/** Who has a role: a user, or all users in a group. */
export interface Grantee {
  readonly kind: 'user' | 'group'
  readonly id: string
}

export interface Grant {
  readonly place: GrantPlace
  readonly grantee: Grantee
  readonly roleId: string
}

/** The roles of users and groups in projects, domain and system (keystone/api/projects.py, domains.py, system.py). */
export interface GrantService {
  list(caller: Caller, place: GrantPlace, grantee: Grantee): RoleRecord[]
  /** @throws not-found unless the user or group has the role there itself */
  check(caller: Caller, grant: Grant): void
  /** Nothing changes if the user or group has the role there already. */
  create(caller: Caller, grant: Grant): void
  /** The tokens of its users for the place end, unless another role is left there. */
  remove(caller: Caller, grant: Grant): void
}

interface GrantServiceParts {
  readonly users: UserRepository
  readonly groups: GroupRepository
  readonly projects: ProjectRepository
  readonly roles: RoleRepository
  readonly assignments: AssignmentRepository
}

export function createGrantService({ users, groups, projects, roles, assignments }: GrantServiceParts): GrantService {
  const findRole = (id: string): RoleRecord => {
    const role = roles.find(id)
    if (role === undefined) throw couldNotFind('role', id)
    return role
  }
  const requireGrantee = ({ kind, id }: Grantee) => {
    const found = kind === 'user' ? users.find(id) : groups.find(id)
    if (found === undefined) throw couldNotFind(kind, id)
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
  const requireGranted = ({ place, grantee, roleId }: Grant, scope: Scope, role: RoleRecord) => {
    if (assignments.has({ actorId: grantee.id, scope, role: role.name })) return
    const where = place.kind === 'system' ? 'system' : place.id
    throw new Refusal(
      'not-found',
      `Could not find role assignment with role: ${roleId}, user or group: ${grantee.id}, ` +
        `project, domain, or system: ${where}.`,
    )
  }
  // Keystone looks up what a grant names before it asks whether the caller may (`_build_enforcement_target_attr`).
  return {
    list(caller, place, grantee) {
      requireGrantee(grantee)
      const scope = scopeOf(place)
      if (place.kind === 'system') requireReader(caller, `list_system_grants_for_${grantee.kind}`)
      else requireDomainReader(caller, 'list_grants')
      const names = assignments.rolesOf(grantee.id, scope)
      return roles.list().filter(({ name }) => names.includes(name))
    },
    check(caller, grant) {
      const role = findRole(grant.roleId)
      requireGrantee(grant.grantee)
      const scope = scopeOf(grant.place)
      if (grant.place.kind === 'system') requireReader(caller, `check_system_grant_for_${grant.grantee.kind}`)
      else requireDomainReader(caller, 'check_grant')
      requireGranted(grant, scope, role)
    },
    create(caller, grant) {
      const role = findRole(grant.roleId)
      requireGrantee(grant.grantee)
      const scope = scopeOf(grant.place)
      requireGrantor(caller, grant, role, 'create')
      assignments.add({ actorId: grant.grantee.id, scope, role: role.name })
    },
    remove(caller, grant) {
      const role = findRole(grant.roleId)
      const scope = scopeOf(grant.place)
      requireGrantor(caller, grant, role, 'revoke')
      requireGranted(grant, scope, role)
      assignments.remove({ actorId: grant.grantee.id, scope, role: role.name })
    },
  }
}

/** The roles that a manager of the domain may give (keystone/common/policies/base.py `domain_managed_target_role`). */
const managedRoles: readonly string[] = ['manager', 'member', 'reader']

/** @throws forbidden */
function requireGrantor(caller: Caller, { place, grantee }: Grant, role: RoleRecord, verb: 'create' | 'revoke'): void {
  if (place.kind === 'system') return requireAdmin(caller, `${verb}_system_grant_for_${grantee.kind}`)
  requireManager(caller, `${verb}_grant`)
  const isManager = !caller.isAdmin && isOfDomain(caller, 'manager')
  if (isManager && !managedRoles.includes(role.name)) throw forbidden(`identity:${verb}_grant`)
}
