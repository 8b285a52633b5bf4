import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { CloudService } from '../context.js'
import { checkHead } from './check-head.js'
import { drainAfter } from './drain.js'
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
