import { respondJson } from '../../http/respond.js'
import { refuseBody } from '../http/json-body.js'
import type { Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'
import { toWireImageTask } from './task-wire.js'

/** `/v2/images/{id}/tasks` (glance/api/v2/images.py `get_task_info`). */
export function mountRoutes(mount: Mount, { tasks }: ImageParts): void {
  mount(
    '/images/:id/tasks',
    {
      GET: (c) => {
        refuseBody(c)
        const found = tasks.listByImage(c.get('caller'), c.req.param('id') ?? '')
        return respondJson(c, { tasks: found.map(toWireImageTask) })
      },
    },
    { unknownMethods: 'not-found' },
  )
}
