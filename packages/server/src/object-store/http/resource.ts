import type { HttpContext } from '../../context.js'
import { HttpRefusal } from '../../http/http-refusal.js'
import type { Access } from '../access/access.js'

/** Handles a request for the resource that its path names, which its sender may access. Throws refusals, which the service renders. */
export type Handler<At> = (c: HttpContext, at: At, access: Access) => Response | Promise<Response>

/** The handlers of a resource by method. */
export type Handlers<At> = Readonly<Partial<Record<'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE' | 'COPY', Handler<At>>>>

/** One handler for all of a resource's methods; other methods get 405 with `Allow`. */
export function resource<At>(handlers: Handlers<At>): Handler<At> {
  const allowed = [...Object.keys(handlers), 'OPTIONS'].toSorted().join(', ')
  return (c, at, access) => {
    const { method } = c.req.raw
    const handle = Object.hasOwn(handlers, method) ? handlers[method as keyof Handlers<At>] : undefined
    if (handle === undefined) throw new HttpRefusal('method-not-allowed', '', { Allow: allowed })
    return handle(c, at, access)
  }
}
