import type { Context, Hono } from 'hono'
import type { HttpEnv, ServiceContext } from '../../context.js'
import type { Directory } from '../directory.js'
import { forbidden } from '../errors.js'
import type { TokenService } from '../tokens/token-service.js'

export type IdentityContext = Context<HttpEnv>

/** What the routes of the Identity service work with. */
export interface IdentityParts {
  readonly app: Hono<HttpEnv>
  readonly directory: Directory
  readonly tokens: TokenService
  readonly context: ServiceContext
}

/** @throws forbidden unless the caller has the role admin */
export function requireAdmin(c: IdentityContext, action: string): void {
  if (!c.get('caller').isAdmin) throw forbidden(`identity:${action}`)
}

/** @throws forbidden unless the caller is that user, or an admin */
export function requireSelf(c: IdentityContext, userId: string, action: string): void {
  if (c.get('caller').userId !== userId) requireAdmin(c, action)
}

/** A path parameter of a route that has it. */
export function parameter(c: IdentityContext, name: string): string {
  return c.req.param(name) ?? ''
}
