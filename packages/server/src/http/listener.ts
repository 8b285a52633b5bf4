import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { CloudService } from '../context.js'
import { refuseEarly } from './refuse-early.js'
import { assignRequestId } from './request-id.js'
import { alreadySent } from './respond.js'
import { WireRequest } from './wire-request.js'

/**
 * Passes each request to the service whose prefix its path begins with. The prefix is removed, so that a service sees
 * the same paths as on a port of its own.
 */
export function createListener(services: readonly CloudService[]): RequestListener {
  const routes = services.map(({ prefix, app }) => ({ prefix, listener: listenerOf(app) }))
  return (incoming, outgoing) => {
    if (!assignRequestId(incoming, outgoing)) return refuseEarly(outgoing, 431, 'the request id is too long')
    const refusal = checkHead(incoming)
    if (refusal !== undefined) return refuseEarly(outgoing, refusal.status, refusal.message)
    const url = incoming.url ?? '/'
    for (const { prefix, listener } of routes) {
      if (!url.startsWith(prefix)) continue
      const rest = url.slice(prefix.length)
      if (rest !== '' && rest[0] !== '/' && rest[0] !== '?') continue
      incoming.url = rest.startsWith('/') ? rest : `/${rest}`
      void listener(incoming, outgoing)
      return
    }
    const prefixes = routes.map(({ prefix }) => prefix)
    if (url === '/') return refuseEarly(outgoing, 300, 'choose a service', prefixes)
    refuseEarly(outgoing, 404, 'there is no such service', prefixes)
  }
}

/** Lets Hono route a request; its handlers write to `outgoing` themselves. */
function listenerOf(app: CloudService['app']): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    const { method, url = '/' } = incoming
    if (method !== 'GET' && method !== 'HEAD') drainAfter(incoming, outgoing)
    try {
      const returned = await app.fetch(new WireRequest(incoming, url) as unknown as Request, { incoming, outgoing })
      // A handler that returned a Response instead of writing it would leave the client waiting. `headersSent` is no
      // proof, because a fault may hold the head back. For HEAD, Hono wraps the return value in another object.
      if (returned !== alreadySent && method !== 'HEAD') throw new Error('the handler wrote no response')
    } catch {
      // An error that no service rendered. Once the head is sent, only closing the connection can signal the failure.
      if (outgoing.headersSent) outgoing.destroy()
      else outgoing.writeHead(500, { 'content-length': '0' }).end()
    }
  }
}

/** Bytes of the request line or a header, including the line end (swift/common/constraints.py, eventlet/wsgi.py). */
const longestLine = 8192
/**
 * The limit of Python's http.client, 1.6 times what Swift needs with all its metadata (swift/common/bufferedhttp.py).
 */
const mostHeaders = 201

/** The error in a request's head that every service refuses; undefined when there is none. */
function checkHead(incoming: IncomingMessage): { readonly status: number; readonly message: string } | undefined {
  const { method = '', url = '', rawHeaders } = incoming
  if (`${method} ${url} HTTP/1.1\r\n`.length >= longestLine) {
    return { status: 414, message: 'the request line is longer than 8192 bytes' }
  }
  if (rawHeaders.length / 2 > mostHeaders) return { status: 431, message: `there are more than ${mostHeaders} headers` }
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]]
    if (name.length + value.length + ': \r\n'.length >= longestLine) {
      return { status: 400, message: 'a header is longer than 8192 bytes' }
    }
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  // RFC 9112 section 3.2
  if (hosts > 1) return { status: 400, message: 'there is more than one Host header' }
  return undefined
}

/** Limits for reading the rest of a refused request's body: time without any data, total time, and bytes. */
const idleMs = 1000
const longestDrainMs = 30_000
const mostDrainedBytes = 64 * 1024 ** 2

/**
 * Reads the rest of a request's body after the response has been sent, so that a client that sends everything before it
 * reads gets the response and can reuse its connection. The connection is closed if the client exceeds the limits.
 */
function drainAfter(incoming: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.once('close', () => {
    if (incoming.readableEnded || incoming.destroyed) return
    let bytes = 0
    const start = performance.now()
    const end = () => {
      settle()
      incoming.socket.destroySoon()
    }
    const settle = () => {
      clearTimeout(timer)
      incoming.off('data', count).off('end', settle).off('close', settle).off('error', settle)
    }
    const count = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > mostDrainedBytes || performance.now() - start > longestDrainMs) end()
      else timer.refresh()
    }
    const timer = setTimeout(end, idleMs)
    timer.unref()
    incoming.on('data', count).on('end', settle).on('close', settle).on('error', settle).resume()
  })
}
