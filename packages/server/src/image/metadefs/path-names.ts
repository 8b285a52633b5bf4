import type { HttpContext } from '../../context.js'
import { notFound } from '../errors.js'
import { notThere } from '../http/resource.js'

/**
 * A name in the path. Glance reads the bytes of a path as Latin-1 (PEP 3333), so one that is not ASCII is another name
 * than the same in a body; one with a slash does not match the route.
 */
export function nameInPath(c: HttpContext, parameter: 'namespace' | 'name'): string {
  const name = c.req.param(parameter) ?? ''
  if (name.includes('/')) throw notFound(notThere)
  return Buffer.from(name).toString('latin1')
}
