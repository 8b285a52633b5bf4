import type { HttpContext } from '../../context.js'

/** The media type of the request's body, without parameters, in lower case. */
export function mediaTypeOf(c: HttpContext): string | undefined {
  return c.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
}
