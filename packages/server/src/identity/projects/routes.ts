import { respondJson } from '../../http/respond.js'
import { defaultDomain } from '../domains/default-domain.js'
import { couldNotFind, forbidden } from '../errors.js'
import { collection, selfLink } from '../http/collection.js'
import { parameter, requireAdmin, requireSelf, type IdentityParts } from '../http/identity-context.js'
import type { ProjectRecord } from './project-repository.js'

/** `/v3/projects` and `/v3/users/{id}/projects`, read only. */
export function mountProjects({ app, directory, context }: IdentityParts): void {
  app.get('/v3/projects', (c) => {
    requireAdmin(c, 'list_projects')
    const domain = c.req.query('domain_id') ?? defaultDomain.id
    const projects = domain === defaultDomain.id ? directory.projects.list(c.req.query('name')) : []
    return collection(
      c,
      'projects',
      projects.map((each) => toWireProject(each, context.baseUrl())),
      context.baseUrl(),
    )
  })
  app.get('/v3/projects/:id', (c) => {
    const id = parameter(c, 'id')
    const { projectId, isAdmin } = c.get('caller')
    if (projectId !== id && !isAdmin) throw forbidden('identity:get_project')
    const project = directory.projects.find(id)
    if (project === undefined) throw couldNotFind('project', id)
    return respondJson(c, { project: toWireProject(project, context.baseUrl()) })
  })
  app.get('/v3/users/:id/projects', (c) => {
    const id = parameter(c, 'id')
    requireSelf(c, id, 'list_user_projects')
    const ids = directory.assignments.projectsOf(id)
    const projects = directory.projects.list(c.req.query('name')).filter((project) => ids.includes(project.id))
    return collection(
      c,
      'projects',
      projects.map((each) => toWireProject(each, context.baseUrl())),
      context.baseUrl(),
    )
  })
}

export function toWireProject({ id, name }: ProjectRecord, baseUrl: string): object {
  return {
    id,
    name,
    domain_id: defaultDomain.id,
    parent_id: defaultDomain.id,
    description: '',
    enabled: true,
    is_domain: false,
    tags: [],
    options: {},
    ...selfLink(baseUrl, `projects/${id}`),
  }
}
