import type { Next } from 'hono'
import { UnstorableText } from '../../database/guarded-database.js'
import { parseJson } from '../../http/parse-json.js'
import { BodyRefused, readBody } from '../../http/read-body.js'
import { respond, respondJson } from '../../http/respond.js'
import { cutText, webobError } from '../../http/webob-error.js'
import type { Logger } from '../../log.js'
import { IdentityError, malformed, unauthorized } from '../errors.js'
import type { IdentityContext } from './identity-context.js'

/** Renders whatever a handler threw as Keystone does (keystone/server/flask/application.py). */
export function errorResponse(c: IdentityContext, error: unknown, log: Logger, authUrl: string): Response {
  if (error instanceof UnstorableText) return errorResponse(c, faultOf(c), log, authUrl)
  if (error instanceof BodyRefused) return bodyRefused(c, error)
  if (!(error instanceof IdentityError)) {
    log.error({ error, method: c.req.method, path: c.req.path }, 'identity request failed')
  }
  const shown = error instanceof IdentityError ? error : unexpected
  const { status, message, title } = shown
  return respondJson(c, { error: { code: status, message: cutText(message), title } }, status, {
    vary: 'X-Auth-Token',
    ...(status === 401 && { 'www-authenticate': `Keystone uri="${authUrl}"` }),
  })
}

/** oslo.middleware's `max_request_body_size`, which every Keystone has in front of it. */
const mostBodyBytes = 114_688

/** On every route, and before the token is looked at, as oslo.middleware does. @throws BodyRefused */
export async function refuseLargeBody(c: IdentityContext, next: Next): Promise<void> {
  if (Number(c.req.header('content-length') ?? 0) > mostBodyBytes) throw new BodyRefused('too-large', mostBodyBytes)
  await next()
}

/** As oslo.middleware words it, which comes before Keystone (oslo_middleware/sizelimit.py); the `%s` is its own. */
function bodyRefused(c: IdentityContext, { fault, limitBytes }: BodyRefused): Response {
  const isDeclared = c.req.header('content-length') !== undefined
  const [status, explanation] = {
    'too-large': [
      413,
      `Request is too large. Larger than ${isDeclared ? 'max_request_body_size (%s)' : String(limitBytes)}.`,
    ] as const,
    'cut-short': [400, 'The request ended before its body did.'] as const,
    'no-room': [503, 'Too much is being sent at once. Please try again later.'] as const,
  }[fault]
  const { contentType, text } = webobError({
    status,
    explanation,
    accept: c.req.header('accept'),
    method: c.req.method,
    contentType: c.req.header('content-type'),
  })
  return respond(c, status, { 'content-type': contentType, ...(status === 503 && { 'retry-after': '1' }) }, text)
}

/** Whom or what such a text names is not there. */
function faultOf(c: IdentityContext): IdentityError {
  if (c.req.path === '/v3/auth/tokens') return unauthorized()
  if (c.req.path.includes('\0')) return new IdentityError(404, 'Could not find what has NUL in its name.')
  return malformed('text without NUL', 'the request')
}

/**
 * The request's JSON object.
 * @throws IdentityError 400 when the body is none; BodyRefused
 */
export async function jsonObject(c: IdentityContext): Promise<Record<string, unknown>> {
  const bytes = await readBody(c.env.incoming, mostBodyBytes)
  try {
    const body = parseJson(bytes)
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw malformed('a JSON object', 'the request body')
}

const unexpected = new IdentityError(500, 'An unexpected error prevented the server from fulfilling your request.')
