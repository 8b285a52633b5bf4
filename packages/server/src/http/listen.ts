import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Listening {
  readonly port: number
  /** Stops listening and ends every connection. */
  close(): Promise<void>
}

/**
 * Listens on a port; 0 takes a free one.
 * @throws PortInUse, or the system's error
 */
export async function listen(listener: RequestListener, host: string, port: number): Promise<Listening> {
  // No total limit: an upload takes as long as it takes. Heads have one, so that idle connections do not pile up.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 65_000, highWaterMark: 256 * 1024 }, listener)
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

/** Something else listens there. */
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
