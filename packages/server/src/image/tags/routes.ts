import { respond } from '../../http/respond.js'
import { notFound } from '../errors.js'
import { refuseBody } from '../http/json-body.js'
import type { HttpContext } from '../../context.js'
import { notThere, type Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'
import { createTagService } from './tag-service.js'

/** `/v2/images/{id}/tags/{tag}` (glance/api/v2/image_tags.py). */
export function mountRoutes(mount: Mount, parts: ImageParts): void {
  const tags = createTagService(parts)
  mount('/images/:id/tags/:tag', {
    PUT: async (c) => {
      refuseBody(c)
      tags.add(c.get('caller'), c.req.param('id') ?? '', tagOf(c))
      return respond(c, 204)
    },
    DELETE: async (c) => {
      refuseBody(c)
      tags.remove(c.get('caller'), c.req.param('id') ?? '', tagOf(c))
      return respond(c, 204)
    },
  })
}

/**
 * Glance reads the bytes of a path as Latin-1 (PEP 3333), so a non-ASCII tag is stored garbled; a tag with a slash does
 * not match the route. PATCH handles both correctly.
 */
function tagOf(c: HttpContext): string {
  const tag = c.req.param('tag') ?? ''
  if (tag.includes('/')) throw notFound(notThere)
  return Buffer.from(tag).toString('latin1')
}
