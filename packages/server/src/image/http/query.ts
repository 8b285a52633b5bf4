import type { HttpContext } from '../../context.js'

/** The query of a request. */
export function queryOf(c: HttpContext): URLSearchParams {
  const at = c.req.url.indexOf('?')
  return new URLSearchParams(at < 0 ? '' : c.req.url.slice(at))
}
