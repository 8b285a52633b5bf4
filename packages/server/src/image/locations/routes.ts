import { respondJson } from '../../http/respond.js'
import { notAuthorized } from '../errors.js'
import { refuseBody } from '../http/json-body.js'
import type { Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'

/** `/v2/images/{id}/locations` (glance/api/v2/images.py `get_locations`): for other services, such as Nova. */
export function mountRoutes(mount: Mount, { images, locations }: ImageParts): void {
  mount(
    '/images/:id/locations',
    {
      GET: (c) => {
        refuseBody(c)
        const caller = c.get('caller')
        const image = images.get(caller, c.req.param('id') ?? '')
        if (!caller.roles.includes('service')) throw notAuthorized('fetch_image_location')
        return respondJson(c, image.locations.map(locations.show))
      },
    },
    { allow: 'POST' },
  )
}
