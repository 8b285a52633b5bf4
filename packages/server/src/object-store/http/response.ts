import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { HttpContext } from '../../context.js'
import { alreadySent, respond } from '../../http/respond.js'

type ResponseHeaders = Readonly<Record<string, string>>

/** A response without a body. */
export function empty(c: HttpContext, status: number, headers: ResponseHeaders = {}): Response {
  return respond(c, status, { 'Content-Type': 'text/html; charset=UTF-8', ...headers })
}

/** 202, with the page by which Swift says so. */
export function accepted(c: HttpContext): Response {
  const page = '<html><h1>Accepted</h1><p>The request is accepted for processing.</p></html>'
  return respond(c, 202, { 'Content-Type': 'text/html; charset=UTF-8' }, page)
}

/**
 * Sends a response whose body is read while it is sent. If reading fails after the head, closing the connection early
 * shows the client that bytes are missing.
 */
export async function stream(
  c: HttpContext,
  status: number,
  headers: ResponseHeaders,
  body: Readable | undefined,
): Promise<Response> {
  const { outgoing } = c.env
  outgoing.writeHead(status, headers)
  if (body === undefined) outgoing.end()
  else await pipeline(body, outgoing).catch(() => outgoing.destroy())
  return alreadySent
}
