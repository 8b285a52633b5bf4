import type { Caller } from '../../context.js'
import { requireDomainReader } from '../access/policy.js'
import { defaultDomain } from '../domains/default-domain.js'
import type { GroupRecord, GroupRepository } from '../groups/group-repository.js'
import type { ProjectRecord, ProjectRepository } from '../projects/project-repository.js'
import type { Role, RoleRepository } from '../roles/role-repository.js'
import type { Scope } from '../tokens/scope.js'
import type { UserRecord, UserRepository } from '../users/user-repository.js'
import type { AssignmentRepository } from './assignment-repository.js'

/** Filters for listing assignments; a field that is left out matches all. */
export interface AssignmentFilter {
  readonly user?: string | undefined
  readonly group?: string | undefined
  readonly role?: string | undefined
  readonly project?: string | undefined
  readonly domain?: string | undefined
  readonly isOfSystem?: boolean | undefined
  /** List the roles that the assigned ones imply, too, and those of a group as ones of its users. */
  readonly isEffective?: boolean | undefined
}

/** An assignment with the records that its ids refer to, as far as they exist. */
export interface NamedAssignment {
  readonly actorId: string
  /** Set when a user has the role, directly or by a group. */
  readonly user: UserRecord | undefined
  /** The group that has the role. */
  readonly group: GroupRecord | undefined
  readonly role: Role
  /** The assigned role that implies this one; undefined when this one is assigned itself. */
  readonly impliedBy: Role | undefined
  readonly scope: Scope
  /** Set when the scope is a project. */
  readonly project: ProjectRecord | undefined
}

/** Who has which role where (keystone/api/role_assignments.py). */
export interface AssignmentService {
  list(caller: Caller, filter: AssignmentFilter): NamedAssignment[]
  /** Whether the caller can get a system-scoped token. */
  isInSystem(caller: Caller): boolean
}

interface AssignmentServiceParts {
  readonly assignments: AssignmentRepository
  readonly users: UserRepository
  readonly groups: GroupRepository
  readonly projects: ProjectRepository
  readonly roles: RoleRepository
}

export function createAssignmentService(parts: AssignmentServiceParts): AssignmentService {
  const { assignments, users, groups, projects, roles } = parts
  /** The role itself and, if wanted, those that it implies. */
  const expand = (
    name: string,
    isEffective: boolean,
  ): { readonly role: Role; readonly impliedBy: Role | undefined }[] => {
    const assigned = roles.findByName(name)
    if (assigned === undefined) return []
    const implied = isEffective ? roles.withImplied([name]).filter(({ id }) => id !== assigned.id) : []
    return [{ role: assigned, impliedBy: undefined }, ...implied.map((role) => ({ role, impliedBy: assigned }))]
  }
  /** Who has an assigned role: a user, a group, or, if wanted, the users of the group instead. */
  const holdersOf = (actorId: string, isEffective: boolean): Pick<NamedAssignment, 'actorId' | 'user' | 'group'>[] => {
    const group = groups.find(actorId)
    if (group === undefined || !isEffective) return [{ actorId, user: users.find(actorId), group }]
    return groups.membersOf(actorId).map((userId) => ({ actorId: userId, user: users.find(userId), group }))
  }
  return {
    list(caller, filter) {
      requireDomainReader(caller, 'list_role_assignments')
      return assignments
        .list()
        .filter(({ scope }) => matches(scope, filter))
        .flatMap(({ actorId, ...assigned }) =>
          holdersOf(actorId, filter.isEffective === true).map((holder) => ({ ...assigned, holder })),
        )
        .filter(({ holder }) => isWanted(holder, filter))
        .flatMap(({ holder, role, scope }) =>
          expand(role, filter.isEffective === true).map((each) => ({
            ...each,
            ...holder,
            scope,
            project: scope.kind === 'project' ? projects.find(scope.projectId) : undefined,
          })),
        )
        .filter(({ role }) => (filter.role ?? role.id) === role.id)
    },
    isInSystem: ({ userId }) => assignments.effectiveRolesOf(userId, { kind: 'system' }).length > 0,
  }
}

function isWanted(
  { actorId, group }: Pick<NamedAssignment, 'actorId' | 'group'>,
  wanted: Pick<AssignmentFilter, 'user' | 'group'>,
): boolean {
  return (wanted.user ?? actorId) === actorId && (wanted.group ?? group?.id) === group?.id
}

function matches(scope: Scope, { project, domain, isOfSystem }: AssignmentFilter): boolean {
  return (
    (project === undefined || (scope.kind === 'project' && scope.projectId === project)) &&
    (domain === undefined || (scope.kind === 'domain' && domain === defaultDomain.id)) &&
    (isOfSystem !== true || scope.kind === 'system')
  )
}
