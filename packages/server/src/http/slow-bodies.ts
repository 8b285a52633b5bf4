import type { IncomingMessage, Server } from 'node:http'

/** When the sender of a request's body is considered gone. */
export interface BodyLimits {
  /** No byte arrived for this long. */
  readonly idleMs: number
  /**
   * A body that takes longer than `idleMs` must arrive at least at this average rate, so that it cannot drip for ever.
   */
  readonly leastBytesPerSecond: number
}

interface Body {
  readonly request: IncomingMessage
  /** The bytes that the connection had received when the body began. */
  readonly start: number
  bytes: number
  /** Time that the server has waited for the sender, in total; `idleMs`: since the last byte. */
  waitedMs: number
  idleMs: number
}

/**
 * Closes connections whose request body has stopped or only drips; a body may still take any total time. A handler
 * that reads the body sees the client disconnect and undoes its work. Time in which the server itself did not read the
 * received data does not count.
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
