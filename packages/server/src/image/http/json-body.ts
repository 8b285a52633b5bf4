import { parseJson } from '../../http/parse-json.js'
import { readBody } from '../../http/read-body.js'
import { invalid } from '../errors.js'
import type { HttpContext } from '../../context.js'

/** The most bytes of a JSON body. Glance itself has no limit. */
const mostJsonBytes = 4 * 1024 ** 2

/**
 * The request's JSON body (glance/common/wsgi.py `JSONRequestDeserializer`).
 * @throws invalid when there is no body, it is not JSON, or neither a list nor an object; BodyRefused
 */
export async function jsonBody(c: HttpContext): Promise<unknown> {
  if (!hasBody(c)) throw invalid('Body expected in request.')
  const bytes = await readBody(c.env.incoming, mostJsonBytes)
  let body: unknown
  try {
    body = parseJson(bytes)
  } catch {
    throw invalid('Malformed JSON in request body.')
  }
  if (typeof body !== 'object' || body === null) throw invalid('Unexpected body type. Expected list/dict.')
  return body
}

/** @throws invalid when a request that takes no body has one */
export function refuseBody(c: HttpContext): void {
  if (hasBody(c)) throw invalid('A body is not expected with this request.')
}

function hasBody(c: HttpContext): boolean {
  if (Number(c.req.header('content-length') ?? 0) > 0) return true
  return c.req.header('transfer-encoding') !== undefined && mayHaveBody.has(c.req.method)
}

const mayHaveBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])
