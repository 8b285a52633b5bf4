import { getRequestListener } from '@hono/node-server'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { CloudService } from '../context.js'
import { checkHead } from './check-head.js'
import { assignRequestId } from './request-id.js'

/**
 * Hands each request to the service whose prefix its path begins with, without that prefix, so that a service reads its
 * paths as it would on a port of its own.
 */
export function createListener(services: readonly CloudService[]): RequestListener {
  const routes = services.map(({ prefix, app }) => ({ prefix, listener: listenerOf(app) }))
  return (incoming, outgoing) => {
    if (!assignRequestId(incoming, outgoing)) return answer(outgoing, 431, 'the request id is too long')
    const refusal = checkHead(incoming)
    if (refusal !== undefined) return answer(outgoing, refusal.status, refusal.message)
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

/**
 * Routes by the request target as it was sent. `new URL()`, which the adapter makes of it, would take `c/../d` and
 * `c/%2e%2e/d` for `d`; no WSGI server does, so that in a real cloud dots are part of a name.
 */
function listenerOf(app: CloudService['app']): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  const targets = new WeakMap<IncomingMessage, string>()
  const listener = getRequestListener(
    (request, env) => {
      const { incoming } = env as { incoming: IncomingMessage }
      const target = (targets.get(incoming) ?? '/').replaceAll('#', '%23')
      return app.fetch(Object.defineProperty(request, 'url', { value: `http://localhost${target}` }), env)
    },
    { overrideGlobalObjects: false, hostname: 'localhost' },
  )
  return (incoming, outgoing) => {
    const target = incoming.url ?? '/'
    targets.set(incoming, target)
    incoming.url = '/'
    const done = listener(incoming, outgoing)
    incoming.url = target
    return done
  }
}

function answer(outgoing: ServerResponse, status: number, message: string, services?: readonly string[]): void {
  const text = JSON.stringify({ message, services })
  outgoing.writeHead(status, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) })
  outgoing.end(text)
}
