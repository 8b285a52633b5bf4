import { HttpRefusal } from '../../http/http-refusal.js'
import { respondJson } from '../../http/respond.js'
import { jsonBody, refuseBody } from '../http/json-body.js'
import { queryOf } from '../http/query.js'
import type { Mount } from '../http/resource.js'
import { pageLinks } from '../images/listing/page-links.js'
import type { ImageParts } from '../parts.js'
import { createAllTasksService } from './all-tasks-service.js'
import { parseNewTask } from './new-task.js'
import { parseTaskQuery } from './task-query.js'
import { toWireImageTask, toWireTask, toWireTaskStub } from './task-wire.js'

/**
 * `/v2/images/{id}/tasks` (glance/api/v2/images.py `get_task_info`), `/v2/tasks` and `/v2/tasks/{id}`
 * (glance/api/v2/tasks.py).
 */
export function mountRoutes(mount: Mount, parts: ImageParts): void {
  const { tasks, serviceUrl } = parts
  const all = createAllTasksService(parts)
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
  mount('/tasks', {
    GET: (c) => {
      all.requireAccess(c.get('caller'))
      refuseBody(c)
      const parameters = queryOf(c)
      const { tasks: found, nextMarker } = all.list(parseTaskQuery(parameters))
      const links = pageLinks(parameters, nextMarker, '/v2/tasks')
      return respondJson(c, { tasks: found.map(toWireTaskStub), ...links, schema: '/v2/schemas/tasks' })
    },
    POST: async (c) => {
      all.requireAccess(c.get('caller'))
      const task = await all.create(c.get('caller'), parseNewTask(await jsonBody(c)), c.get('requestId'))
      return respondJson(c, toWireTask(task), 201, { location: `${serviceUrl}/v2/tasks/${task.id}` })
    },
  })
  mount('/tasks/:id', {
    GET: (c) => {
      all.requireAccess(c.get('caller'))
      refuseBody(c)
      return respondJson(c, toWireTask(all.get(c.req.param('id') ?? '')))
    },
    DELETE: (c) => {
      all.requireAccess(c.get('caller'))
      throw new HttpRefusal(
        'method-not-allowed',
        'This operation is currently not permitted on Glance Tasks. They are auto deleted after reaching the time ' +
          'based on their expires_at property.',
        { Allow: 'GET' },
      )
    },
  })
}
