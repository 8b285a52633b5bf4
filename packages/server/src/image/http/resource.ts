import type { Hono } from 'hono'
import type { HttpContext, HttpEnv } from '../../context.js'
import { webobResponse } from '../../http/webob-response.js'

/** The handlers of a resource by method. They throw refusals, which the service renders. */
export type Handlers = Readonly<Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Handler>>>
type Handler = (c: HttpContext) => Promise<Response> | Response

/** Mounts a resource at a path below the API version. */
export type Mount = (path: string, handlers: Handlers, options?: ResourceOptions) => void

interface ResourceOptions {
  /** Respond to other methods with 404 instead of 405: Glance lacks the route that refuses them. */
  readonly unknownMethods?: 'not-found'
  /** The methods that `Allow` names, where Glance does not name all of them. @default the handlers' */
  readonly allow?: string
}

/**
 * Mounts resources below `/v2` and `/v2.N`; N has been validated earlier. One route takes every method, HEAD included,
 * so that unsupported methods get 405 with `Allow` (glance/common/wsgi.py `RejectMethodController`).
 */
export function mountBelow(app: Hono<HttpEnv>): Mount {
  return (path, handlers, options) => {
    const allow = options?.allow ?? Object.keys(handlers).join(', ')
    const handle = (c: HttpContext): Promise<Response> | Response => {
      const { method } = c.req.raw
      if (Object.hasOwn(handlers, method)) return (handlers[method as keyof Handlers] as Handler)(c)
      if (!knownMethods.has(method)) return webobResponse(c, 501, '')
      if (options?.unknownMethods === 'not-found') return webobResponse(c, 404, notThere)
      return webobResponse(c, 405, '', { Allow: allow })
    }
    app.all(`/v2${path}`, handle)
    app.all(`/:version{v2\\.[0-9]+}${path}`, handle)
  }
}

export const notThere = 'The resource could not be found.'

const knownMethods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
])
