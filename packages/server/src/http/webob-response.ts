import type { HttpContext } from '../context.js'
import { respond } from './respond.js'
import { webobError } from './webob-error.js'

/** An error as webob sends it, for Glance and the middleware in front of Keystone. Its format depends on Accept. */
export function webobResponse(
  c: HttpContext,
  status: number,
  explanation: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const { contentType, text } = webobError({
    status,
    explanation,
    accept: c.req.header('accept'),
    method: c.req.method,
    contentType: c.req.header('content-type'),
  })
  return respond(c, status, { ...headers, 'content-type': contentType }, text)
}
