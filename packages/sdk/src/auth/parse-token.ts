import { parseCatalog } from '../catalog/catalog.js'
import type { TokenGrant } from './token-grant.js'

/** Reads the answer of `POST` or `GET /v3/auth/tokens`. Undefined when it is not one. */
export function parseToken(
  token: string,
  body: unknown,
  clock: { now: number; date: string | null },
): TokenGrant | undefined {
  const content = field(body, 'token')
  if (typeof content !== 'object' || content === null) return undefined
  const expires = text(field(content, 'expires_at'))
  const roles = field(content, 'roles')
  return {
    token,
    expiresAt: expires === undefined ? undefined : localExpiry(expires, clock),
    catalog: parseCatalog(field(content, 'catalog')),
    projectId: text(field(field(content, 'project'), 'id')),
    projectName: text(field(field(content, 'project'), 'name')),
    userId: text(field(field(content, 'user'), 'id')),
    userName: text(field(field(content, 'user'), 'name')),
    roles: Array.isArray(roles) ? roles.flatMap((role) => text(field(role, 'name')) ?? []) : [],
  }
}

/**
 * When a token expires by this machine's clock. The `Date` of the answer tells how far the two clocks are apart;
 * a time without zone is UTC, as every OpenStack service means it.
 */
export function localExpiry(expires: string, clock: { now: number; date: string | null }): number | undefined {
  const zoned = /(z|[+-]\d\d:?\d\d)$/i.test(expires.trim()) ? expires : `${expires.trim()}Z`
  const at = Date.parse(zoned)
  if (Number.isNaN(at)) return undefined
  const serverNow = clock.date === null ? Number.NaN : Date.parse(clock.date)
  return Number.isNaN(serverNow) ? at : at - (serverNow - clock.now)
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
