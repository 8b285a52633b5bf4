import type { HttpContext } from '../../context.js'
import { UnstorableText } from '../../database/guarded-database.js'
import { headersOf, refusalStatuses } from '../../http/http-refusal.js'
import { webobResponse } from '../../http/webob-response.js'
import type { Logger } from '../../log.js'
import { Refusal } from '../../refusal.js'
import { notThere } from './resource.js'

/** Renders an error that a handler threw, as Glance does. Errors not meant for clients become a 500 without details. */
export function refusalResponse(c: HttpContext, error: unknown, log: Logger): Response {
  if (error instanceof Refusal) {
    return webobResponse(c, refusalStatuses[error.kind], error.message, headersOf(error))
  }
  if (error instanceof UnstorableText) {
    // A NUL in the path names an image, a member or a tag that cannot exist.
    return c.req.path.includes('\0')
      ? webobResponse(c, 404, notThere)
      : webobResponse(c, 400, 'Text with NUL or half a surrogate pair cannot be stored or searched for.')
  }
  log.error({ error, method: c.req.method, path: c.req.path, requestId: c.get('requestId') }, 'image request failed')
  return webobResponse(c, 500, 'The server has either erred or is incapable of performing the requested operation.')
}
