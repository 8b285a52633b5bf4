import { respondJson } from '../../http/respond.js'
import { defaultDomain } from '../domains/default-domain.js'
import { collection, parameter, selfLink, type IdentityContext, type Site } from '../http/site.js'
import type { ProjectService } from './project-service.js'

interface Project {
  readonly id: string
  readonly name: string
}

/** `/v3/projects`, `/v3/users/{id}/projects` and `/v3/auth/projects`, read only. */
export function mountProjects({ app, baseUrl }: Site, projects: ProjectService): void {
  const list = (c: IdentityContext, found: readonly Project[]) =>
    collection(
      c,
      'projects',
      found.map((each) => toWireProject(each, baseUrl())),
      baseUrl(),
    )
  app.get('/v3/projects', (c) => {
    const { name, domain_id: domainId } = c.req.query()
    return list(c, projects.list(c.get('caller'), { name, domainId }))
  })
  app.get('/v3/projects/:id', (c) =>
    respondJson(c, { project: toWireProject(projects.get(c.get('caller'), parameter(c, 'id')), baseUrl()) }),
  )
  app.get('/v3/users/:id/projects', (c) =>
    list(c, projects.listOf(c.get('caller'), parameter(c, 'id'), c.req.query('name'))),
  )
  app.get('/v3/auth/projects', (c) => list(c, projects.listOwn(c.get('caller'))))
}

function toWireProject({ id, name }: Project, baseUrl: string): object {
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
