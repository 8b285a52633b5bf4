import type { Context, Hono } from 'hono'
import type { HttpEnv } from '../../context.js'
import { respondJson } from '../../http/respond.js'
import { nameFilter } from './name-filter.js'

export type IdentityContext = Context<HttpEnv>

/** The app that the routes of the Identity service are mounted on, and the URL that their links begin with. */
export interface Site {
  readonly app: Hono<HttpEnv>
  readonly baseUrl: () => string
}

/** A path parameter, on a route that declares it. */
export function parameter(c: IdentityContext, name: string): string {
  return c.req.param(name) ?? ''
}

/** A list as Keystone sends it: unpaged, narrowed by `name__contains` and its like, with a link to itself. */
export function collection(c: IdentityContext, key: string, items: readonly object[], baseUrl: string): Response {
  const query = c.req.url.includes('?') ? c.req.url.slice(c.req.url.indexOf('?')) : ''
  const self = `${baseUrl}/identity${c.req.path}${query}`
  return respondJson(c, { [key]: items.filter(nameFilter(c.req.query())), links: { next: null, self, previous: null } })
}

/** The `links` of one resource. */
export function selfLink(baseUrl: string, path: string): { links: { self: string } } {
  return { links: { self: `${baseUrl}/identity/v3/${path}` } }
}
