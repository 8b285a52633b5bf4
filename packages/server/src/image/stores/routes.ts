import { respond } from '../../http/respond.js'
import { refuseBody } from '../http/json-body.js'
import type { Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'
import { createStoreService } from './store-service.js'

/** `/v2/stores/{store}/{image}` (glance/api/v2/images.py `delete_from_store`). */
export function mountRoutes(mount: Mount, parts: ImageParts): void {
  const stores = createStoreService(parts)
  mount('/stores/:store/:image', {
    DELETE: async (c) => {
      refuseBody(c)
      await stores.removeCopy(c.get('caller'), c.req.param('store') ?? '', c.req.param('image') ?? '')
      return respond(c, 204)
    },
  })
}
