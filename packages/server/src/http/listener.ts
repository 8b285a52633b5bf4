import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { CloudService } from '../context.js'
import { refuseEarly } from './refuse-early.js'
import { assignRequestId } from './request-id.js'
import { alreadySent } from './respond.js'
import { WireRequest } from './wire-request.js'

/**
 * Hands each request to the service whose prefix its path begins with, without that prefix, so that a service reads its
 * paths as it would on a port of its own.
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
      // A handler that returned a Response instead of writing it would leave the client waiting. Whether the head is out
      // does not tell: a fault may hold it back. For HEAD, Hono makes another object of what the handler returned.
      if (returned !== alreadySent && method !== 'HEAD') throw new Error('the handler wrote no response')
    } catch {
      // What a service has no words for. Where the head is out, a connection cut short tells the client.
      if (outgoing.headersSent) outgoing.destroy()
      else outgoing.writeHead(500, { 'content-length': '0' }).end()
    }
  }
}

/** Bytes of the request line or a header, the end of the line included (swift/common/constraints.py, eventlet/wsgi.py). */
const longestLine = 8192
/** Python's http.client takes 1.6 times as many as a Swift with all its metadata needs (swift/common/bufferedhttp.py). */
const mostHeaders = 201

/** What is wrong with a request whichever service it is for; undefined when nothing is. */
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

/** The body of a refused request is read until nothing has come for this long, for at most this long, and at most this much. */
const idleMs = 1000
const longestDrainMs = 30_000
const mostDrainedBytes = 64 * 1024 ** 2

/**
 * Takes in what is left of a request's body once the response is out, so that a client that sends everything before it
 * reads gets the response, and can use its connection again. The connection of one that goes on and on is ended.
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
