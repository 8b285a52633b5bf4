import type { Caller } from '../../context.js'
import { requireDomainReader } from '../access/policy.js'
import { defaultDomain } from '../domains/default-domain.js'
import type { ProjectRecord, ProjectRepository } from '../projects/project-repository.js'
import type { Role, RoleRepository } from '../roles/role-repository.js'
import type { Scope } from '../tokens/scope.js'
import type { UserRecord, UserRepository } from '../users/user-repository.js'
import type { AssignmentRepository } from './assignment-repository.js'

/** Filters for listing assignments; a field that is left out matches all. */
export interface AssignmentFilter {
  readonly user?: string | undefined
  readonly role?: string | undefined
  readonly project?: string | undefined
  readonly domain?: string | undefined
  readonly isOfSystem?: boolean | undefined
  /** List the roles that the assigned ones imply, too. */
  readonly isEffective?: boolean | undefined
}

/** An assignment with the records that its ids refer to, as far as they exist. */
export interface NamedAssignment {
  readonly userId: string
  readonly user: UserRecord | undefined
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
  readonly projects: ProjectRepository
  readonly roles: RoleRepository
}

export function createAssignmentService(parts: AssignmentServiceParts): AssignmentService {
  const { assignments, users, projects, roles } = parts
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
  return {
    list(caller, filter) {
      requireDomainReader(caller, 'list_role_assignments')
      return assignments
        .list()
        .filter(({ userId, scope }) => (filter.user ?? userId) === userId && matches(scope, filter))
        .flatMap(({ userId, role, scope }) =>
          expand(role, filter.isEffective === true).map((each) => ({
            ...each,
            userId,
            user: users.find(userId),
            scope,
            project: scope.kind === 'project' ? projects.find(scope.projectId) : undefined,
          })),
        )
        .filter(({ role }) => (filter.role ?? role.id) === role.id)
    },
    isInSystem: ({ userId }) => assignments.rolesOf(userId, { kind: 'system' }).length > 0,
  }
}

function matches(scope: Scope, { project, domain, isOfSystem }: AssignmentFilter): boolean {
  return (
    (project === undefined || (scope.kind === 'project' && scope.projectId === project)) &&
    (domain === undefined || (scope.kind === 'domain' && domain === defaultDomain.id)) &&
    (isOfSystem !== true || scope.kind === 'system')
  )
}
