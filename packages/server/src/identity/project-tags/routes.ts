import { respond, respondJson } from '../../http/respond.js'
import { jsonObject } from '../http/json-body.js'
import { parameter, type IdentityContext, type Site } from '../http/site.js'
import type { ProjectTagService } from './project-tag-service.js'

/** `/v3/projects/{id}/tags` and `/v3/projects/{id}/tags/{tag}`. */
export function mountProjectTags({ app, baseUrl }: Site, projectTags: ProjectTagService): void {
  const all = (c: IdentityContext, tags: readonly string[]) =>
    respondJson(c, { links: { self: `${baseUrl()}/identity/v3` }, tags })
  const path = '/v3/projects/:id/tags'
  app.get(path, (c) => all(c, projectTags.list(c.get('caller'), parameter(c, 'id'))))
  app.put(path, async (c) => {
    const { tags } = await jsonObject(c)
    return all(c, projectTags.replace(c.get('caller'), parameter(c, 'id'), tags))
  })
  app.delete(path, (c) => {
    projectTags.removeAll(c.get('caller'), parameter(c, 'id'))
    return respond(c, 204)
  })
  const one = `${path}/:tag`
  app.get(one, (c) => {
    projectTags.check(c.get('caller'), parameter(c, 'id'), parameter(c, 'tag'))
    return respond(c, 204)
  })
  app.put(one, (c) => {
    const [id, tag] = [parameter(c, 'id'), parameter(c, 'tag')]
    projectTags.add(c.get('caller'), id, tag)
    return respond(c, 201, { location: `${baseUrl()}/identity/v3/projects/${id}/tags/${encodeURIComponent(tag)}` })
  })
  app.delete(one, (c) => {
    projectTags.remove(c.get('caller'), parameter(c, 'id'), parameter(c, 'tag'))
    return respond(c, 204)
  })
}
