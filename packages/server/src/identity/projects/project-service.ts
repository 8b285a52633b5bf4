import type { Caller } from '../../context.js'
import { requireAdmin, requireSelf } from '../access/policy.js'
import type { AssignmentRepository } from '../assignments/assignment-repository.js'
import { defaultDomain } from '../domains/default-domain.js'
import { couldNotFind, forbidden } from '../errors.js'
import type { ProjectRecord, ProjectRepository } from './project-repository.js'

/** The projects (keystone/api/projects.py), which come from the configuration. */
export interface ProjectService {
  /** Lists the projects, optionally filtered by name and domain. */
  list(
    caller: Caller,
    wanted: { readonly name?: string | undefined; readonly domainId?: string | undefined },
  ): ProjectRecord[]
  get(caller: Caller, id: string): ProjectRecord
  /** Lists the projects in which a user has a role. */
  listOf(caller: Caller, userId: string, name?: string): ProjectRecord[]
  /** Lists the projects that the caller can get a token for. */
  listOwn(caller: Caller): ProjectRecord[]
}

interface ProjectServiceParts {
  readonly projects: ProjectRepository
  readonly assignments: AssignmentRepository
}

export function createProjectService({ projects, assignments }: ProjectServiceParts): ProjectService {
  const projectsOf = (userId: string, name?: string) => {
    const ids = assignments.projectsOf(userId)
    return projects.list(name).filter(({ id }) => ids.includes(id))
  }
  return {
    list(caller, { name, domainId = defaultDomain.id }) {
      requireAdmin(caller, 'list_projects')
      return domainId === defaultDomain.id ? projects.list(name) : []
    },
    get(caller, id) {
      if (caller.projectId !== id && !caller.isAdmin) throw forbidden('identity:get_project')
      const project = projects.find(id)
      if (project === undefined) throw couldNotFind('project', id)
      return project
    },
    listOf(caller, userId, name) {
      requireSelf(caller, userId, 'list_user_projects')
      return projectsOf(userId, name)
    },
    listOwn: (caller) => projectsOf(caller.userId),
  }
}
