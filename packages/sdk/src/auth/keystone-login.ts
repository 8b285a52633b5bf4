import { parseCatalog } from '../catalog/catalog.js'
import { MalformedResponseError } from '../errors/connection-errors.js'
import { HttpError, UnauthorizedError } from '../errors/http-error.js'
import type { ServiceResponse } from '../http/service-response.js'
import { callKeystone, type KeystoneContext } from './keystone.js'
import type { Keystone } from './methods/method.js'
import { wireScope } from './scope.js'
import type { TokenGrant } from './token-grant.js'

/** The requests of a login (Identity API v3, "Authentication and token management"). */
export function keystoneLogin(context: KeystoneContext, signal: AbortSignal): Keystone {
  return {
    async issue({ authUrl, proof, scope, whenRefused, isRefusal }) {
      const identity = { methods: Object.keys(proof), ...proof }
      const response = await callKeystone(context, {
        authUrl,
        method: 'POST',
        path: '/auth/tokens',
        json: { auth: { identity, ...(scope === undefined ? {} : { scope: wireScope(scope) }) } },
        signal,
        whenRefused,
      }).catch((error: unknown) => {
        throw error instanceof HttpError && isRefusal?.(error) ? refused(error, error.message, whenRefused) : error
      })
      const token = response.headers.get('x-subject-token')
      if (!token) {
        await response.discard()
        throw malformed(response, 'no X-Subject-Token')
      }
      return grantOf(token, response)
    },
    async validate(authUrl, token, { message, hint }) {
      const headers = { 'x-auth-token': token, 'x-subject-token': token }
      try {
        const call = { authUrl, method: 'GET', path: '/auth/tokens', headers, signal } as const
        return await grantOf(token, await callKeystone(context, call))
      } catch (error) {
        const isRefused = error instanceof HttpError && (error.status === 401 || error.status === 404)
        throw isRefused ? refused(error, `${message}: ${error.message}`, hint) : error
      }
    },
  }
}

function refused(error: HttpError, message: string, hint: string): UnauthorizedError {
  return new UnauthorizedError(
    {
      status: 401,
      message,
      code: error.code,
      requestId: error.requestId,
      method: error.method,
      url: error.url,
      headers: error.headers,
      hint,
    },
    { cause: error },
  )
}

async function grantOf(token: string, response: ServiceResponse): Promise<TokenGrant> {
  const clock = { now: Date.now(), date: response.headers.get('date') }
  const grant = parseToken(token, await response.json(), clock)
  if (!grant) throw malformed(response, 'no token')
  return grant
}

function malformed(response: ServiceResponse, what: string): MalformedResponseError {
  const { status, requestId, method, url } = response
  return new MalformedResponseError(`${method} ${url} returned ${status} with ${what} in it`, {
    status,
    requestId,
    method,
    url,
  })
}

/** Reads the response to `POST` or `GET /v3/auth/tokens`. Undefined when the response does not describe a token. */
function parseToken(token: string, body: unknown, clock: { now: number; date: string | null }): TokenGrant | undefined {
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
 * When a token expires by this machine's clock. The `Date` header of the response shows how far the two clocks differ.
 * A time without a zone is UTC, as in every OpenStack service.
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
