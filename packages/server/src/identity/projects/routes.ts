import { respond, respondJson } from '../../http/respond.js'
import { Refusal } from '../../refusal.js'
import { defaultDomain } from '../domains/default-domain.js'
import { jsonObject } from '../http/json-body.js'
import { enabledFilter, isOn } from '../http/query.js'
import { collection, parameter, selfLink, type IdentityContext, type Site } from '../http/site.js'
import { readResource } from '../schema.js'
import type { TagFilter } from './project-filter.js'
import type { ProjectHierarchy } from './project-hierarchy.js'
import { newProjectSchema, projectUpdateSchema } from './project-schema.js'
import type { ProjectService } from './project-service.js'

type Project = ReturnType<ProjectService['get']>

/** `/v3/projects`, `/v3/users/{id}/projects` and `/v3/auth/projects`. */
export function mountProjects({ app, baseUrl }: Site, projects: ProjectService, hierarchy: ProjectHierarchy): void {
  const list = (c: IdentityContext, found: readonly Project[]) =>
    collection(
      c,
      'projects',
      found.map((each) => toWireProject(each, baseUrl())),
      baseUrl(),
    )
  const one = (c: IdentityContext, project: Project, status = 200) =>
    respondJson(c, { project: toWireProject(project, baseUrl()) }, status)

  app.get('/v3/projects', (c) => {
    const { name, domain_id: domainId, parent_id: parentId } = c.req.query()
    const filter = { name, domainId, parentId, enabled: enabledFilter(c), tags: tagFilter(c) }
    return list(c, projects.list(c.get('caller'), filter))
  })
  app.post('/v3/projects', async (c) => {
    const fields = readResource(await jsonObject(c), 'project', newProjectSchema)
    return one(c, projects.create(c.get('caller'), fields), 201)
  })
  const wrapped = (found: readonly Project[]) => found.map((each) => ({ project: toWireProject(each, baseUrl()) }))
  app.get('/v3/projects/:id', (c) => {
    const project = projects.get(c.get('caller'), parameter(c, 'id'))
    const { userId } = c.get('caller')
    const [parents, subtree] = [wantedForm(c, 'parents'), wantedForm(c, 'subtree')]
    return respondJson(c, {
      project: {
        ...toWireProject(project, baseUrl()),
        ...(parents === 'list' && { parents: wrapped(hierarchy.parentsFor(userId, project)) }),
        ...(parents === 'ids' && { parents: hierarchy.parentIds(project) }),
        ...(subtree === 'list' && { subtree: wrapped(hierarchy.subtreeFor(userId, project)) }),
        ...(subtree === 'ids' && { subtree: hierarchy.subtreeIds(project) }),
      },
    })
  })
  app.patch('/v3/projects/:id', async (c) => {
    // Keystone takes a body without a project as one that changes nothing.
    const fields = readResource({ project: {}, ...(await jsonObject(c)) }, 'project', projectUpdateSchema)
    const project = projects.update(c.get('caller'), parameter(c, 'id'), fields)
    // Only here does Keystone also say which fields it has no column for.
    return respondJson(c, { project: { ...toWireProject(project, baseUrl()), extra: project.extra } })
  })
  app.delete('/v3/projects/:id', (c) => {
    projects.remove(c.get('caller'), parameter(c, 'id'))
    return respond(c, 204)
  })
  app.get('/v3/users/:id/projects', (c) =>
    list(c, projects.listOf(c.get('caller'), parameter(c, 'id'), c.req.query('name'))),
  )
  for (const path of ['/v3/auth/projects', '/v3/OS-FEDERATION/projects']) {
    app.get(path, (c) => list(c, projects.listOwn(c.get('caller'))))
  }
}

/** The form in which a request asks for `parents` or `subtree`. @throws invalid when it asks for both forms */
function wantedForm(c: IdentityContext, what: string): 'list' | 'ids' | undefined {
  const [list, ids] = [isOn(c, `${what}_as_list`), isOn(c, `${what}_as_ids`)]
  if (list && ids) {
    throw new Refusal('invalid', `Cannot use ${what}_as_list and ${what}_as_ids query params at the same time.`)
  }
  if (list) return 'list'
  return ids ? 'ids' : undefined
}

function tagFilter(c: IdentityContext): TagFilter {
  const tags = (name: string) => c.req.query(name)?.split(',')
  return { all: tags('tags'), any: tags('tags-any'), notAll: tags('not-tags'), notAny: tags('not-tags-any') }
}

function toWireProject({ id, parentId, extra, ...project }: Project, baseUrl: string): object {
  return {
    ...extra,
    id,
    name: project.name,
    domain_id: defaultDomain.id,
    description: project.description,
    enabled: project.enabled,
    parent_id: parentId,
    is_domain: false,
    tags: project.tags,
    options: project.options,
    ...selfLink(baseUrl, `projects/${id}`),
  }
}
