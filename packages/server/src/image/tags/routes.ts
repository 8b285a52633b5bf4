import { refuseBody } from '../http/json-body.js'
import type { Mount } from '../http/resource.js'
import type { TagService } from './tag-service.js'

/** `/v2/images/{id}/tags/{tag}` (glance/api/v2/image_tags.py). */
export function mountTags(mount: Mount, tags: TagService): void {
  mount('/images/:id/tags/:tag', {
    PUT: async (c) => {
      refuseBody(c)
      tags.add(c.get('caller'), c.req.param('id') ?? '', c.req.param('tag') ?? '')
      return c.body(null, 204)
    },
    DELETE: async (c) => {
      refuseBody(c)
      tags.remove(c.get('caller'), c.req.param('id') ?? '', c.req.param('tag') ?? '')
      return c.body(null, 204)
    },
  })
}
