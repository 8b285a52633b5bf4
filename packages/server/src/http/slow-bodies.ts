import type { IncomingMessage, Server } from 'node:http'

/** When the sender of a request's body counts as gone. */
export interface BodyLimits {
  /** No byte came for this long. */
  readonly idleMs: number
  /** A body that has taken longer than that must have come at this rate on average, so that it cannot drip for ever. */
  readonly leastBytesPerSecond: number
}

interface Body {
  readonly request: IncomingMessage
  /** What the connection had received when the body began. */
  readonly start: number
  bytes: number
  /** Time in which the server waited for the sender, since the beginning and since the last byte. */
  waitedMs: number
  idleMs: number
}

/**
 * Ends connections whose request body stopped coming or only drips, however long a body may take as a whole. A handler
 * that reads it sees the client disconnect, and undoes what it had begun. Time in which the server itself has not read
 * what came does not count.
 */
export function endSlowBodies(server: Server, { idleMs, leastBytesPerSecond }: BodyLimits): void {
  const bodies = new Set<Body>()
  const everyMs = Math.max(10, idleMs / 6)
  server.on('request', (request: IncomingMessage) => {
    if (request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined) return
    const body = { request, start: request.socket.bytesRead, bytes: 0, waitedMs: 0, idleMs: 0 }
    bodies.add(body)
    request.once('close', () => bodies.delete(body))
  })
  const timer = setInterval(() => {
    for (const body of bodies) look(body)
  }, everyMs)
  timer.unref()
  server.once('close', () => clearInterval(timer))

  function look(body: Body): void {
    const { request } = body
    if (request.complete || request.destroyed) return void bodies.delete(body)
    const bytes = request.socket.bytesRead - body.start
    const isSenderLate = request.readableLength < request.readableHighWaterMark
    if (isSenderLate) body.waitedMs += everyMs
    body.idleMs = isSenderLate && bytes === body.bytes ? body.idleMs + everyMs : 0
    body.bytes = bytes
    const isDripping = body.waitedMs >= idleMs && (bytes * 1000) / body.waitedMs < leastBytesPerSecond
    if (isDripping || body.idleMs >= idleMs) request.socket.destroy()
  }
}
