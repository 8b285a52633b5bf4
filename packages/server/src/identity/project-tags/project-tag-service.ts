import type { Caller } from '../../context.js'
import { requireDomainReader, requireManager } from '../access/policy.js'
import { couldNotFind } from '../errors.js'
import { refuseImmutableUpdate } from '../immutable.js'
import type { ProjectRecord, ProjectRepository } from '../projects/project-repository.js'
import { checkTags } from '../schema.js'

/** The tags of a project, one by one and together (keystone/api/projects.py `ProjectTag…Resource`). */
export interface ProjectTagService {
  list(caller: Caller, projectId: string): readonly string[]
  /** @throws not-found unless the project has the tag */
  check(caller: Caller, projectId: string, tag: string): void
  /** Replaces all tags. */
  replace(caller: Caller, projectId: string, tags: unknown): readonly string[]
  add(caller: Caller, projectId: string, tag: string): void
  remove(caller: Caller, projectId: string, tag: string): void
  removeAll(caller: Caller, projectId: string): void
}

export function createProjectTagService(projects: ProjectRepository): ProjectTagService {
  const find = (id: string): ProjectRecord => {
    const project = projects.find(id)
    if (project === undefined) throw couldNotFind('project', id)
    return project
  }
  const requireReaderOf = (caller: Caller, projectId: string, action: string) => {
    if (caller.projectId !== projectId) requireDomainReader(caller, action)
  }
  const requireTag = ({ tags }: ProjectRecord, tag: string) => {
    if (!tags.includes(tag)) throw couldNotFind('project tag', tag)
  }
  const save = (project: ProjectRecord, tags: unknown): readonly string[] => {
    const checked = checkTags(tags)
    refuseImmutableUpdate('project', project, { tags })
    projects.update({ ...project, tags: checked })
    return checked
  }
  return {
    list(caller, projectId) {
      requireReaderOf(caller, projectId, 'list_project_tags')
      return find(projectId).tags
    },
    check(caller, projectId, tag) {
      requireReaderOf(caller, projectId, 'get_project_tag')
      requireTag(find(projectId), tag)
    },
    replace(caller, projectId, tags) {
      requireManager(caller, 'update_project_tags')
      return save(find(projectId), tags)
    },
    add(caller, projectId, tag) {
      requireManager(caller, 'create_project_tag')
      const project = find(projectId)
      save(project, [...project.tags, tag])
    },
    remove(caller, projectId, tag) {
      requireManager(caller, 'delete_project_tag')
      const project = find(projectId)
      requireTag(project, tag)
      save(
        project,
        project.tags.filter((each) => each !== tag),
      )
    },
    removeAll(caller, projectId) {
      requireManager(caller, 'delete_project_tags')
      save(find(projectId), [])
    },
  }
}
