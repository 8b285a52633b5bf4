import { respond } from '../../http/respond.js'
import { readBytes } from '../http/octet-body.js'
import type { Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'
import { createStagingService } from './staging-service.js'

/** `/v2/images/{id}/stage` (glance/api/v2/image_data.py). */
export function mountRoutes(mount: Mount, parts: ImageParts): void {
  const staging = createStagingService(parts)
  mount('/images/:id/stage', {
    PUT: async (c) => {
      await staging.stage(c.get('caller'), c.req.param('id') ?? '', readBytes(c))
      return respond(c, 204)
    },
  })
}
