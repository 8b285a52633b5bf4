import { request as httpRequest, type Agent, type RequestListener } from 'node:http'
import { pipeline } from 'node:stream'

/** A listener that forwards every request to `upstream`, and the response back, byte for byte. */
export function forwardTo(upstream: URL, agent: Agent): RequestListener {
  return (incoming, outgoing) => {
    const prefix = upstream.pathname.replace(/\/$/, '')
    const onward = httpRequest({
      agent,
      host: upstream.hostname,
      port: upstream.port,
      method: incoming.method,
      path: prefix + (incoming.url ?? '/'),
      headers: { ...incoming.headers, host: upstream.host },
    })
    onward.on('response', (answer) => {
      // If the client has disconnected by now, there is nothing to pipe to.
      if (outgoing.destroyed) {
        answer.destroy()
        return
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      pipeline(answer, outgoing, (error) => {
        if (error) outgoing.destroy()
      })
    })
    onward.on('error', () => outgoing.destroy())
    incoming.on('error', () => onward.destroy())
    incoming.on('close', () => {
      if (!incoming.complete) onward.destroy()
    })
    incoming.pipe(onward)
  }
}
