import type { Caller } from '../../context.js'
import { Refusal } from '../../refusal.js'
import { requireDomainReader, requireManager, requireManagerOf, requireSelfOrReader } from '../access/policy.js'
import type { AssignmentRepository } from '../assignments/assignment-repository.js'
import type { Departures } from '../departures.js'
import { defaultDomain, isDefaultDomainId } from '../domains/default-domain.js'
import { namedRecords } from '../named-records.js'
import { refuseImmutableDelete, refuseImmutableUpdate } from '../immutable.js'
import { extraFields, mergeOptions, requireSamePlace, type Attributes } from '../schema.js'
import { freshId } from '../stable-id.js'
import { matchesFilter, type ProjectFilter } from './project-filter.js'
import { projectFields } from './project-schema.js'
import type { ProjectRecord, ProjectRepository } from './project-repository.js'

/** The projects (keystone/api/projects.py, keystone/resource/core.py). */
export interface ProjectService {
  list(caller: Caller, filter: ProjectFilter): ProjectRecord[]
  get(caller: Caller, id: string): ProjectRecord
  create(caller: Caller, fields: Attributes): ProjectRecord
  update(caller: Caller, id: string, fields: Attributes): ProjectRecord
  /** Its grants, tokens and application credentials end with it; images and containers stay. */
  remove(caller: Caller, id: string): void
  /** Lists the projects in which a user has a role. */
  listOf(caller: Caller, userId: string, name?: string): ProjectRecord[]
  /** Lists the projects in which the caller has a role. */
  listOwn(caller: Caller): ProjectRecord[]
}

interface ProjectServiceParts {
  readonly projects: ProjectRepository
  readonly assignments: AssignmentRepository
  readonly departures: Departures
}

export function createProjectService({ projects, assignments, departures }: ProjectServiceParts): ProjectService {
  const projectsOf = (userId: string, name?: string) => {
    const ids = assignments.projectsOf(userId)
    return projects.list(name).filter(({ id }) => ids.includes(id))
  }
  const { find, requireUnusedName } = namedRecords('project', projects)
  const duplicate = (name: string, id: string) =>
    'it is not permitted to have two projects with either the same name or same id in the same domain: ' +
    `name is ${name}, project id ${id}`
  return {
    list(caller, filter) {
      requireDomainReader(caller, 'list_projects')
      return projects.list(filter.name).filter((each) => matchesFilter(each, filter))
    },
    get(caller, id) {
      if (caller.projectId !== id) requireDomainReader(caller, 'get_project')
      return find(id)
    },
    create(caller, fields) {
      requireManagerOf(caller, fields['domain_id'], 'create_project')
      const parentId = parentOf(fields, projects)
      const project: ProjectRecord = {
        ...changed({ name: '', description: '', enabled: true, tags: [], options: {}, extra: {} }, fields),
        id: freshId(),
        parentId,
      }
      requireUnusedName(project.name, project.id, duplicate(project.name, project.id))
      projects.insert(project)
      return project
    },
    update(caller, id, fields) {
      requireManager(caller, 'update_project')
      requireSamePlace(fields, id, defaultDomain.id)
      const known = find(id)
      refuseImmutableUpdate('project', known, fields)
      if (fields['parent_id'] !== undefined && fields['parent_id'] !== known.parentId) {
        throw new Refusal('forbidden', 'Update of `parent_id` is not allowed.')
      }
      if (fields['is_domain'] === true) throw new Refusal('invalid', 'Update of `is_domain` is not allowed.')
      const project = { ...known, ...changed(known, fields) }
      if (known.enabled && !project.enabled) requireDisabledBelow(id, projects)
      requireUnusedName(project.name, id, duplicate(project.name, id))
      projects.update(project)
      return project
    },
    remove(caller, id) {
      requireManager(caller, 'delete_project')
      const project = find(id)
      refuseImmutableDelete('project', project)
      if (projects.childrenOf(id).length > 0) {
        throw new Refusal(
          'forbidden',
          `Cannot delete the project ${id} since it is not a leaf in the hierarchy. ` +
            'Use the cascade option if you want to delete a whole subtree.',
        )
      }
      departures.removeProject(id)
    },
    listOf(caller, userId, name) {
      requireSelfOrReader(caller, userId, 'list_user_projects')
      return projectsOf(userId, name)
    },
    listOwn: (caller) => projectsOf(caller.userId),
  }
}

type Changeable = Omit<ProjectRecord, 'id' | 'parentId'>

/** The fields after a request, whose types the schema has checked. */
function changed(known: Changeable, fields: Attributes): Changeable {
  const { name, description, enabled, tags, options } = fields as Partial<Changeable>
  return {
    name: name?.trim() ?? known.name,
    description: description === undefined ? known.description : description,
    enabled: enabled ?? known.enabled,
    tags: tags ?? known.tags,
    options: mergeOptions(known.options, options),
    extra: { ...known.extra, ...extraFields(fields, projectFields) },
  }
}

/** @throws invalid when the domain or the parent does not exist */
function parentOf(fields: Attributes, projects: ProjectRepository): string {
  if (fields['is_domain'] === true) throw new Refusal('invalid', 'This cloud has the domain "default" only.')
  if (!isDefaultDomainId(fields['domain_id'])) {
    throw new Refusal('invalid', `Could not find domain: ${String(fields['domain_id'])}.`)
  }
  const wanted = fields['parent_id']
  if (typeof wanted !== 'string' || wanted === defaultDomain.id) return defaultDomain.id
  const parent = projects.find(wanted)
  if (parent === undefined) throw new Refusal('invalid', `Could not find project: ${wanted}.`)
  if (!parent.enabled) throw forbiddenParent(wanted)
  return wanted
}

const forbiddenParent = (id: string) =>
  new Refusal('forbidden', `Cannot create project, since one of its parents is disabled: ${id}.`)

function requireDisabledBelow(id: string, projects: ProjectRepository): void {
  const isAnyEnabled = (parent: string): boolean =>
    projects.childrenOf(parent).some((child) => child.enabled || isAnyEnabled(child.id))
  if (!isAnyEnabled(id)) return
  throw new Refusal('forbidden', `Cannot disable project ${id} since its subtree contains enabled projects.`)
}
