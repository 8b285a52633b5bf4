import { MalformedResponseError } from '../errors/connection-errors.js'
import { HttpError, UnauthorizedError } from '../errors/http-error.js'
import type { ServiceResponse } from '../http/service-response.js'
import { authBody } from './auth-body.js'
import type { AuthSettings, Scope, TokenAuth } from './auth-settings.js'
import { callKeystone, type KeystoneContext } from './keystone.js'
import { parseToken } from './parse-token.js'
import type { TokenGrant } from './token-grant.js'

/**
 * Gets a token.
 * @throws UnauthorizedError for wrong credentials
 */
export async function authenticate(
  auth: AuthSettings,
  context: KeystoneContext,
  signal: AbortSignal,
): Promise<TokenGrant> {
  if (auth.type === 'none') return fixedGrant(auth.token, auth.projectId)
  return auth.type === 'token' ? useToken(auth, context, signal) : issue(auth, context, signal)
}

function fixedGrant(token: string | undefined, projectId: string | undefined): TokenGrant {
  return {
    token,
    expiresAt: undefined,
    catalog: [],
    projectId,
    projectName: undefined,
    userId: undefined,
    userName: undefined,
    roles: [],
  }
}

async function issue(
  auth: Exclude<AuthSettings, { type: 'none' }>,
  context: KeystoneContext,
  signal: AbortSignal,
): Promise<TokenGrant> {
  const response = await callKeystone(context, {
    authUrl: auth.authUrl,
    method: 'POST',
    path: '/auth/tokens',
    json: authBody(auth),
    signal,
    whenRefused: whenRefused[auth.type],
  }).catch((error: unknown) => {
    // One that was deleted is a 404 of Keystone's, which is no other failure than a wrong secret.
    const isGone = error instanceof HttpError && error.status === 404 && /application credential/i.test(error.message)
    throw isGone ? refused(error, error.message, whenRefused[auth.type]) : error
  })
  const token = response.headers.get('x-subject-token')
  if (!token) {
    await response.discard()
    throw malformed(response, 'no X-Subject-Token')
  }
  return grantOf(token, response)
}

/** What each 401 may mean. */
const whenRefused = {
  password: 'the user, the password, the project or one of their domains is wrong, or the user is disabled',
  applicationCredential:
    'the application credential or its secret is wrong, or the credential has expired or was deleted, or its user is ' +
    'disabled or has lost a role that it stands for: create a new one',
  token:
    'the token is valid, and cannot be exchanged for one of this project: it is not known, the user has no role in it, ' +
    'or the cloud lets no token be exchanged',
} as const

/** A token that already has the wanted scope is used as it is: many clouds do not let one be exchanged. */
async function useToken(auth: TokenAuth, context: KeystoneContext, signal: AbortSignal): Promise<TokenGrant> {
  const headers = { 'x-auth-token': auth.token, 'x-subject-token': auth.token }
  let known: TokenGrant
  try {
    const response = await callKeystone(context, {
      authUrl: auth.authUrl,
      method: 'GET',
      path: '/auth/tokens',
      headers,
      signal,
    })
    const body = await response.json()
    const grant = parseToken(auth.token, body, clockOf(response))
    if (!grant) throw malformed(response, 'no token')
    known = grant
  } catch (error) {
    if (error instanceof HttpError && (error.status === 401 || error.status === 404)) throw tokenRefused(error)
    throw error
  }
  return hasScope(known, auth.scope) ? known : issue(auth, context, signal)
}

function tokenRefused(error: HttpError): UnauthorizedError {
  const hint = 'it has expired or been revoked, and a token cannot renew itself: get a new one'
  return refused(error, `the given token is not valid: ${error.message}`, hint)
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

function hasScope(grant: TokenGrant, scope: Scope | undefined): boolean {
  if (scope === undefined) return true
  if (scope === 'unscoped' || !('project' in scope)) return false
  return 'id' in scope.project ? scope.project.id === grant.projectId : false
}

async function grantOf(token: string, response: ServiceResponse): Promise<TokenGrant> {
  const clock = clockOf(response)
  const grant = parseToken(token, await response.json(), clock)
  if (!grant) throw malformed(response, 'no token')
  return grant
}

function clockOf(response: ServiceResponse): { now: number; date: string | null } {
  return { now: Date.now(), date: response.headers.get('date') }
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
