import type { HttpContext } from '../context.js'

/**
 * What a handler returns to Hono once it has written its response to `outgoing`. Hono only hands it on, so it need not be
 * a real Response, which would load all of fetch.
 */
export const alreadySent = Object.freeze({}) as unknown as Response

/**
 * Sends a whole response past the web Response, whose streams cost several times as much as everything else of a small
 * request. The length is declared for what has a body.
 */
export function respond(
  c: HttpContext,
  status: number,
  headers: Readonly<Record<string, string>> = {},
  text = '',
): Response {
  const { incoming, outgoing } = c.env
  if (incoming.method === 'HEAD' || status === 204 || status === 304) {
    outgoing.writeHead(status, headers)
    outgoing.end()
    return alreadySent
  }
  const length = Buffer.byteLength(text)
  // The length is the last one: behind it, Node encodes Content-Disposition a second time, and unchecked.
  outgoing.writeHead(status, { ...headers, 'content-length': String(length) })
  // Head and text go out as one string. As Latin-1, because in UTF-8 the bytes of a header would become other ones.
  if (length === text.length) outgoing.end(text, 'latin1')
  else outgoing.end(Buffer.from(text))
  return alreadySent
}

/** Sends a value as JSON. */
export function respondJson(
  c: HttpContext,
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return respond(c, status, { 'content-type': 'application/json', ...headers }, JSON.stringify(value))
}
