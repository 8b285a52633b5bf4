import { respondJson } from '../../http/respond.js'
import type { IdentityContext } from './identity-context.js'

/** A list as Keystone answers it: all of it, with a link to itself. */
export function collection(c: IdentityContext, key: string, items: readonly object[], baseUrl: string): Response {
  const query = c.req.url.includes('?') ? c.req.url.slice(c.req.url.indexOf('?')) : ''
  const self = `${baseUrl}/identity${c.req.path}${query}`
  return respondJson(c, { [key]: items, links: { next: null, self, previous: null } })
}

/** `links` of one resource. */
export function selfLink(baseUrl: string, path: string): { links: { self: string } } {
  return { links: { self: `${baseUrl}/identity/v3/${path}` } }
}
