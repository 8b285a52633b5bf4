import type { Next } from 'hono'
import { parseJson } from '../../http/parse-json.js'
import { BodyRefused, readBody } from '../../http/read-body.js'
import { malformed } from '../errors.js'
import type { IdentityContext } from './site.js'

/** oslo.middleware's `max_request_body_size`, which every Keystone has in front of it. */
const mostBodyBytes = 114_688

/**
 * On every route, and before the token is looked at, as oslo.middleware does, whose words have the `%s` in them.
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
 * @throws Refusal invalid when the body is none; BodyRefused
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
