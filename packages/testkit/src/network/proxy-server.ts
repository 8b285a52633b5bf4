import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, type Socket } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import { joined, listening } from './listening.js'

/** A proxy for both schemes: absolute URLs for http, CONNECT for https. */
export interface ProxyServer extends AsyncDisposable {
  /** Without credentials. */
  readonly url: string
  readonly port: number
  /** `GET http://…` and `CONNECT host:port`, in order of arrival, including refused ones. */
  readonly requests: string[]
  /** The `Proxy-Authorization` of each of them. */
  readonly authorizations: (string | undefined)[]
}

export interface ProxyServerOptions {
  /** Certificate and key of an https proxy. Absent: an http proxy. */
  readonly tls?: SecureContextOptions | undefined
  /** The `user:password` that it requires. */
  readonly credentials?: string | undefined
  /** Accepts connections and never responds. */
  readonly isSilent?: boolean | undefined
}

export async function startProxyServer(options: ProxyServerOptions = {}): Promise<ProxyServer> {
  const requests: string[] = []
  const authorizations: (string | undefined)[] = []
  const wanted = options.credentials && `Basic ${Buffer.from(options.credentials).toString('base64')}`
  const isWelcome = (request: IncomingMessage) => {
    requests.push(`${request.method} ${request.url}`)
    authorizations.push(request.headers['proxy-authorization'])
    return !wanted || request.headers['proxy-authorization'] === wanted
  }
  const server = options.tls ? createTlsServer({ ...options.tls }) : createServer()
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!isWelcome(request)) response.writeHead(407, { 'proxy-authenticate': 'Basic realm="test"' }).end('who are you?')
    else if (!options.isSilent) forward(request, response)
  })
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    client.on('error', () => undefined)
    if (!isWelcome(request)) client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n')
    else if (!options.isSilent) tunnel(request, client)
  })
  const started = await listening(server)
  const url = `${options.tls ? 'https' : 'http'}://127.0.0.1:${started.port}`
  return { ...started, url, requests, authorizations }
}

function forward(request: IncomingMessage, response: ServerResponse): void {
  const { 'proxy-authorization': _, ...headers } = request.headers
  const onward = httpRequest(request.url ?? '', { method: request.method, headers }, (from) => {
    response.writeHead(from.statusCode ?? 502, from.headers)
    from.pipe(response)
  })
  onward.on('error', () => response.destroy())
  request.pipe(onward)
}

function tunnel(request: IncomingMessage, client: Socket): void {
  const { hostname, port } = new URL(`http://${request.url}`)
  const onward = connect(Number(port || 80), hostname, () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    joined(client, onward)
  })
  onward.on('error', () => client.destroy())
}
