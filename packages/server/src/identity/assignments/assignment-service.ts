import type { Caller } from '../../context.js'
import { requireAdmin } from '../access/policy.js'
import { defaultDomain } from '../domains/default-domain.js'
import type { ProjectRecord, ProjectRepository } from '../projects/project-repository.js'
import { findRole, type Role } from '../roles/roles.js'
import type { Scope } from '../tokens/scope.js'
import type { UserRecord, UserRepository } from '../users/user-repository.js'
import type { Assignment, AssignmentRepository } from './assignment-repository.js'

/** Filters for listing assignments; a field that is left out matches all. */
export interface AssignmentFilter {
  readonly user?: string | undefined
  readonly role?: string | undefined
  readonly project?: string | undefined
  readonly domain?: string | undefined
}

/** An assignment with the records that its ids refer to, as far as they exist. */
export interface NamedAssignment {
  readonly userId: string
  readonly user: UserRecord | undefined
  readonly role: Role | undefined
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
}

export function createAssignmentService({ assignments, users, projects }: AssignmentServiceParts): AssignmentService {
  return {
    list(caller, filter) {
      requireAdmin(caller, 'list_role_assignments')
      return assignments
        .list()
        .filter((each) => matches(each, filter))
        .map(({ userId, role, scope }) => ({
          userId,
          user: users.find(userId),
          role: findRole(role),
          scope,
          project: scope.kind === 'project' ? projects.find(scope.projectId) : undefined,
        }))
    },
    isInSystem: ({ userId }) => assignments.rolesOf(userId, { kind: 'system' }).length > 0,
  }
}

function matches({ userId, role, scope }: Assignment, filter: AssignmentFilter): boolean {
  const roleId = findRole(role)?.id
  return (
    (filter.user ?? userId) === userId &&
    (filter.role ?? roleId) === roleId &&
    (filter.project === undefined || (scope.kind === 'project' && scope.projectId === filter.project)) &&
    (filter.domain === undefined || (scope.kind === 'domain' && filter.domain === defaultDomain.id))
  )
}
