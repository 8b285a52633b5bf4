import { Agent, createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { withFaults, type FaultPlan } from '@tyrax/server'
import { forwardTo } from './proxy.js'
import { recording, type SeenRequest } from './recorder.js'

export interface FaultServerOptions {
  /** What goes wrong. @default nothing */
  readonly plan?: FaultPlan | undefined
  /** Where requests go that no rule matches, with their path appended to this URL's. */
  readonly upstream?: string | undefined
  /** Handles requests in place of an upstream. @default 501 to everything */
  readonly handler?: RequestListener | undefined
}

export interface FaultServer extends AsyncDisposable {
  /** Without a trailing slash. */
  readonly url: string
  /** Every request so far, in order of arrival. */
  readonly requests: readonly SeenRequest[]
  close(): Promise<void>
}

/** Starts an HTTP server on loopback that breaks requests as planned, and forwards or handles the rest. */
export async function startFaultServer(options: FaultServerOptions = {}): Promise<FaultServer> {
  const requests: SeenRequest[] = []
  const agent = new Agent({ keepAlive: true })
  const service =
    options.upstream === undefined ? (options.handler ?? unscripted) : forwardTo(new URL(options.upstream), agent)
  const server = createServer({ requestTimeout: 0 }, recording(requests, withFaults(options.plan ?? [], service)))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const close = async () => {
    server.closeAllConnections()
    agent.destroy()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, requests, close, [Symbol.asyncDispose]: close }
}

const unscripted: RequestListener = (incoming, outgoing) => {
  incoming.resume()
  outgoing.writeHead(501, { 'content-type': 'text/plain' }).end(`no rule for ${incoming.method} ${incoming.url}`)
}
