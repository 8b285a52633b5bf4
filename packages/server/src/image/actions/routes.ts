import { respond } from '../../http/respond.js'
import { refuseBody } from '../http/json-body.js'
import type { Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'
import { createActionService, imageActions, type ImageAction } from './action-service.js'

/** `/v2/images/{id}/actions/{action}` (glance/api/v2/image_actions.py). */
export function mountRoutes(mount: Mount, parts: ImageParts): void {
  const actions = createActionService(parts)
  for (const action of Object.keys(imageActions) as ImageAction[]) {
    mount(`/images/:id/actions/${action}`, {
      POST: async (c) => {
        refuseBody(c)
        actions.run(c.get('caller'), c.req.param('id') ?? '', action)
        return respond(c, 204)
      },
    })
  }
}
