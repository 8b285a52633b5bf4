import type { Next } from 'hono'
import { parseJson } from '../../http/parse-json.js'
import { BodyRefused, readBody } from '../../http/read-body.js'
import { malformed } from '../errors.js'
import type { IdentityContext } from './site.js'

/** `max_request_body_size` of oslo.middleware, which runs in front of every Keystone. */
const mostBodyBytes = 114_688

/**
 * Runs on every route before the token is checked, as oslo.middleware does. The unfilled `%s` is in the original
 * message.
 * @throws BodyRefused
 */
export async function refuseLargeBody(c: IdentityContext, next: Next): Promise<void> {
  if (Number(c.req.header('content-length') ?? 0) > mostBodyBytes) {
    const message = 'Request is too large. Larger than max_request_body_size (%s).'
    throw new BodyRefused('over-limit', mostBodyBytes, message)
  }
  await next()
}

/**
 * The request's JSON object.
 * @throws Refusal invalid when the body is not a JSON object; BodyRefused
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
