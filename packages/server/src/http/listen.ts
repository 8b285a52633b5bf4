import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { endSlowBodies, type BodyLimits } from './slow-bodies.js'

export interface Listening {
  readonly port: number
  /** Stops listening and ends every connection. */
  close(): Promise<void>
}

/** The time limits for a client. */
export interface Patience extends BodyLimits {
  /** From the start of a connection, or of the next request on it, to the end of the head. */
  readonly headMs: number
}

/** `client_timeout` of a stock Swift, used for heads too, and MinRate of Apache's mod_reqtimeout. */
const patience: Patience = { headMs: 60_000, idleMs: 60_000, leastBytesPerSecond: 500 }

/**
 * Listens on a port; 0 picks a free one.
 * @throws PortInUse, or the system's error
 */
export async function listen(
  listener: RequestListener,
  host: string,
  port: number,
  { headMs, ...bodyLimits }: Patience = patience,
): Promise<Listening> {
  const server = createServer(
    {
      // No limit for a whole request, because uploads may take long. Without their own limit, heads would have none.
      requestTimeout: 0,
      headersTimeout: headMs,
      connectionsCheckingInterval: headMs / 6,
      keepAliveTimeout: 65_000,
      highWaterMark: 256 * 1024,
    },
    listener,
  )
  endSlowBodies(server, bodyLimits)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  }).catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? new PortInUse(host, port, error) : error
  })
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) }
}

/** The port is already in use. */
export class PortInUse extends Error {
  override readonly name = 'PortInUse'

  constructor(host: string, port: number, cause: unknown) {
    super(`port ${port} on ${host} is in use: choose another one, or 0 for any free port`, { cause })
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  server.closeAllConnections()
  await closed
}
