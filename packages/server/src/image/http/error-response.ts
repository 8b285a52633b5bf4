import { respond } from '../../http/respond.js'
import { webobError } from '../../http/webob-error.js'
import type { HttpContext } from '../../context.js'

/** An error as Glance answers it, which depends on Accept. */
export function errorResponse(
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
