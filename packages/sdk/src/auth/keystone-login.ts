import { parseCatalog } from '../catalog/catalog.js'
import { MalformedResponseError } from '../errors/connection-errors.js'
import { HttpError, UnauthorizedError } from '../errors/http-error.js'
import type { ServiceResponse } from '../http/service-response.js'
import { path } from '../http/path.js'
import { callKeystone } from './keystone.js'
import type { SignIn } from './login-means.js'
import type { Keystone, Login } from './methods/method.js'
import { MoreMethodsRequired, type Receipt } from './receipt.js'
import { nextProof } from './next-proof.js'
import { wireScope } from './scope.js'
import type { LoginContext } from './send-login.js'
import type { TokenGrant } from './token-grant.js'

/** The requests of a login (Identity API v3, "Authentication and token management"). */
export function keystoneLogin(context: LoginContext, signIn: SignIn, signal: AbortSignal): Keystone {
  /** Continues with the methods that Keystone still requires (keystoneauth1/identity/v3/receipt.py). */
  const send = async (login: Login, proof: Login['proof'], receipts: readonly Receipt[]): Promise<TokenGrant> => {
    const { authUrl, scope, whenRefused, isRefusal, spare } = login
    const identity = { methods: Object.keys(proof), ...proof }
    const receipt = receipts.at(-1)
    try {
      const response = await callKeystone(context, {
        authUrl,
        method: 'POST',
        path: '/auth/tokens',
        headers: receipt && { 'openstack-auth-receipt': receipt.id },
        json: { auth: { identity, ...(scope === undefined ? {} : { scope: wireScope(scope) }) } },
        signal,
        whenRefused: receipt ? secondHint : whenRefused,
      })
      return await issuedGrant(response)
    } catch (error) {
      if (error instanceof MoreMethodsRequired && receipts.length < mostReceipts) {
        context.secrets.add(error.receipt.id)
        const next = await nextProof(error, spare, signIn)
        return send(login, next, [...receipts, error.receipt])
      }
      throw error instanceof HttpError && isRefusal?.(error) ? refused(error, error.message, whenRefused) : error
    }
  }
  return {
    issue: (login) => send(login, login.proof, []),
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
    async federate({ authUrl, identityProvider, protocol }, accessToken, whenRefused) {
      context.secrets.add(accessToken)
      const response = await callKeystone(context, {
        authUrl,
        method: 'POST',
        path: path`/OS-FEDERATION/identity_providers/${identityProvider}/protocols/${protocol}/auth`,
        headers: { authorization: `Bearer ${accessToken}` },
        signal,
        whenRefused,
      })
      return issuedGrant(response)
    },
  }
}

/** No cloud has as many methods. */
const mostReceipts = 3

const secondHint = 'the first method was right, and the second one is wrong: the passcode, or the password'

async function issuedGrant(response: ServiceResponse): Promise<TokenGrant> {
  const token = response.headers.get('x-subject-token')
  if (token) return grantOf(token, response)
  await response.discard()
  throw malformed(response, 'no X-Subject-Token')
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
