import { UnstorableText } from '../../database/text-guard.js'
import type { Logger } from '../../log.js'
import { IdentityError, malformed, unauthorized } from '../errors.js'
import type { IdentityContext } from './identity-context.js'

/** Renders whatever a handler threw as Keystone does (keystone/server/flask/application.py). */
export function errorResponse(c: IdentityContext, error: unknown, log: Logger, authUrl: string): Response {
  if (error instanceof UnstorableText) return errorResponse(c, faultOf(c), log, authUrl)
  if (!(error instanceof IdentityError)) {
    log.error({ error, method: c.req.method, path: c.req.path }, 'identity request failed')
  }
  const shown = error instanceof IdentityError ? error : unexpected
  if (shown.status === 401) c.header('WWW-Authenticate', `Keystone uri="${authUrl}"`)
  c.header('Vary', 'X-Auth-Token')
  const { status, message, title } = shown
  return c.json({ error: { code: status, message, title } }, status as 400)
}

/** Whom or what such a text names is not there. */
function faultOf(c: IdentityContext): IdentityError {
  if (c.req.path === '/v3/auth/tokens') return unauthorized()
  if (c.req.path.includes('\0')) return new IdentityError(404, 'Could not find what has NUL in its name.')
  return malformed('text without NUL', 'the request')
}

/**
 * The request's JSON object.
 * @throws IdentityError 400 when the body is none
 */
export async function jsonObject(c: IdentityContext): Promise<Record<string, unknown>> {
  const text = await c.req.text()
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw malformed('a JSON object', 'the request body')
}

const unexpected = new IdentityError(500, 'An unexpected error prevented the server from fulfilling your request.')
