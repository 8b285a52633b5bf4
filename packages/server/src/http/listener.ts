import { getRequestListener } from '@hono/node-server'
import type { RequestListener, ServerResponse } from 'node:http'
import type { CloudService } from '../context.js'
import { assignRequestId } from './request-id.js'

/**
 * Hands each request to the service whose prefix its path begins with, without that prefix, so that a service reads its
 * paths as it would on a port of its own.
 */
export function createListener(services: readonly CloudService[]): RequestListener {
  const routes = services.map(({ prefix, app }) => ({
    prefix,
    listener: getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  }))
  return (incoming, outgoing) => {
    if (!assignRequestId(incoming, outgoing)) return answer(outgoing, 431, 'the request id is too long')
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
    if (url === '/') return answer(outgoing, 300, 'choose a service', prefixes)
    answer(outgoing, 404, 'there is no such service', prefixes)
  }
}

function answer(outgoing: ServerResponse, status: number, message: string, services?: readonly string[]): void {
  const text = JSON.stringify({ message, services })
  outgoing.writeHead(status, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) })
  outgoing.end(text)
}
