import { respond, respondJson } from '../../http/respond.js'
import { jsonBody, refuseBody } from '../http/json-body.js'
import type { Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'
import { parseLocation } from './location-request.js'
import { createLocationService } from './location-service.js'

/** `/v2/images/{id}/locations` (glance/api/v2/images.py). `Allow` names POST only, as in Glance. */
export function mountRoutes(mount: Mount, parts: ImageParts): void {
  const locations = createLocationService(parts)
  mount(
    '/images/:id/locations',
    {
      GET: (c) => {
        refuseBody(c)
        return respondJson(c, locations.list(c.get('caller'), c.req.param('id') ?? ''))
      },
      POST: async (c) => {
        const request = parseLocation(await jsonBody(c))
        await locations.add(c.get('caller'), c.req.param('id') ?? '', request, c.get('requestId'))
        return respond(c, 202)
      },
    },
    { allow: 'POST' },
  )
}
