import type { HttpContext } from '../context.js'

/**
 * Returned to Hono by a handler that has written its response to `outgoing`. Hono only passes it on, so it need not be
 * a real Response, which would load all of fetch.
 */
export const alreadySent = Object.freeze({}) as unknown as Response

/**
 * Sends a complete response without a web Response, whose streams cost several times as much as the rest of a small
 * request. Content-Length is set if the response has a body.
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
  // Content-Length must come last: Node encodes a Content-Disposition after it a second time, without checking it.
  outgoing.writeHead(status, { ...headers, 'content-length': String(length) })
  // Head and text are sent as one string. In Latin-1, because UTF-8 would change the bytes of the headers.
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
