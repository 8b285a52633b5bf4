import { respondJson } from '../../http/respond.js'
import { refuseBody } from '../http/json-body.js'
import type { Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'

/** `/v2/images/{id}/tasks`: the import tasks of an image, which this service never runs. */
export function mountRoutes(mount: Mount, { images }: ImageParts): void {
  mount(
    '/images/:id/tasks',
    {
      GET: (c) => {
        refuseBody(c)
        images.get(c.get('caller'), c.req.param('id') ?? '')
        return respondJson(c, { tasks: [] })
      },
    },
    { unknownMethods: 'not-found' },
  )
}
