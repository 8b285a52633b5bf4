import type { Logger } from '../../log.js'
import { IdentityError, malformed } from '../errors.js'
import type { IdentityContext } from './identity-context.js'

/** Renders whatever a handler threw as Keystone does (keystone/server/flask/application.py). */
export function errorResponse(c: IdentityContext, error: unknown, log: Logger, authUrl: string): Response {
  if (!(error instanceof IdentityError)) {
    log.error({ error, method: c.req.method, path: c.req.path }, 'identity request failed')
  }
  const shown = error instanceof IdentityError ? error : unexpected
  if (shown.status === 401) c.header('WWW-Authenticate', `Keystone uri="${authUrl}"`)
  c.header('Vary', 'X-Auth-Token')
  const { status, message, title } = shown
  return c.json({ error: { code: status, message, title } }, status as 400)
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
