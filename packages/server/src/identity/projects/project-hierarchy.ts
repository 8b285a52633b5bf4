import type { AssignmentRepository } from '../assignments/assignment-repository.js'
import type { ProjectRecord, ProjectRepository } from './project-repository.js'

/** Ids in each other, the way the projects are. Null: there is nothing further. */
export type IdTree = { readonly [id: string]: IdTree } | null

/** What is above and below a project (keystone/resource/core.py). */
export interface ProjectHierarchy {
  /** The ids above it, the domain's innermost. */
  parentIds(project: ProjectRecord): IdTree
  /** The ids below it. */
  subtreeIds(project: ProjectRecord): IdTree
  /** The projects above it in which the user has a role, the nearest first. */
  parentsFor(userId: string, project: ProjectRecord): ProjectRecord[]
  /** The projects below it in which the user has a role. */
  subtreeFor(userId: string, project: ProjectRecord): ProjectRecord[]
}

export function createProjectHierarchy(
  projects: ProjectRepository,
  assignments: AssignmentRepository,
): ProjectHierarchy {
  const parentsOf = (project: ProjectRecord): ProjectRecord[] => {
    const parent = projects.find(project.parentId)
    return parent === undefined ? [] : [parent, ...parentsOf(parent)]
  }
  const subtreeOf = (project: ProjectRecord): ProjectRecord[] =>
    projects.childrenOf(project.id).flatMap((child) => [child, ...subtreeOf(child)])
  const parentIds = ({ parentId }: ProjectRecord): IdTree => {
    const parent = projects.find(parentId)
    return { [parentId]: parent === undefined ? null : parentIds(parent) }
  }
  const subtreeIds = ({ id }: ProjectRecord): IdTree => {
    const children = projects.childrenOf(id)
    return children.length === 0 ? null : Object.fromEntries(children.map((each) => [each.id, subtreeIds(each)]))
  }
  const withRole = (userId: string, found: readonly ProjectRecord[]) => {
    const ids = assignments.projectsOf(userId)
    return found.filter(({ id }) => ids.includes(id))
  }
  return {
    parentIds,
    subtreeIds,
    parentsFor: (userId, project) => withRole(userId, parentsOf(project)),
    subtreeFor: (userId, project) => withRole(userId, subtreeOf(project)),
  }
}
