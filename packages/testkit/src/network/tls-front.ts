import { connect } from 'node:net'
import { createServer, type TlsOptions } from 'node:tls'
import { joined, listening } from './listening.js'

/** TLS in front of a plain server, like a load balancer. */
export interface TlsFront extends AsyncDisposable {
  /** `https://127.0.0.1:…` */
  readonly url: string
  readonly port: number
}

export async function startTlsFront(port: number, options: TlsOptions): Promise<TlsFront> {
  const server = createServer(options, (socket) => {
    joined(socket, connect(port, '127.0.0.1'))
  })
  const started = await listening(server)
  return { ...started, url: `https://127.0.0.1:${started.port}` }
}
