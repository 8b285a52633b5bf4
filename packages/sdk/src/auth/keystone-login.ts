import { MalformedResponseError } from '../errors/connection-errors.js'
import { HttpError, UnauthorizedError } from '../errors/http-error.js'
import type { ServiceResponse } from '../http/service-response.js'
import { callKeystone, type KeystoneContext } from './keystone.js'
import type { Keystone } from './methods/method.js'
import { parseToken } from './parse-token.js'
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
  return new MalformedResponseError(`${method} ${url} answered ${status} with ${what} in it`, {
    status,
    requestId,
    method,
    url,
  })
}
