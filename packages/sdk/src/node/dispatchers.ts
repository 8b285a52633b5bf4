import { isIP, type Socket } from 'node:net'
import type { buildConnector, Dispatcher } from 'undici'
import { basicAuthorization, withoutUserinfo } from '../transport/basic-authorization.js'
import type { TransportRequest } from '../transport/transport.js'
import { ProxyHopError } from '../transport/connection-failure.js'
import type { ConnectionOptions } from './connection-options.js'
import { chooseProxy, parseProxy, type Route } from './proxy.js'
import { readBeforeWriteErrors } from './read-before-write-errors.js'

/** Where a request is sent, and with which path and headers. */
interface Target {
  readonly origin: string
  readonly path: string
  /** Sent in addition to the request's own. */
  readonly headers: Readonly<Record<string, string>>
}

/** The dispatcher for one request. */
interface Chosen {
  readonly dispatcher: Dispatcher
  readonly target: Target
  readonly route: Route
}

/** Connection pools, one for each proxy and connect timeout in use, created on first use. */
export interface Dispatchers {
  /** @throws ConfigError for a proxy setting that cannot be used */
  choose(request: Pick<TransportRequest, 'url' | 'timeouts' | 'isGathered'>): Promise<Chosen>
  close(): Promise<void>
}

export function createDispatchers(options: ConnectionOptions): Dispatchers {
  const pools = new Map<string, Promise<Dispatcher>>()
  return {
    async choose({ url, timeouts: { connectTimeoutMs }, isGathered = false }) {
      const route = routeOf(url, options)
      const isTunnelled = url.protocol === 'https:'
      // Only plain connections reuse buffers: TLS copies the data of its records anyway.
      const gathering = isGathered && !isTunnelled ? options.gatheringBuffers : undefined
      const key = `${connectTimeoutMs} ${isTunnelled} ${gathering !== undefined} ${route.proxy?.href ?? ''}`
      let pool = pools.get(key)
      if (!pool) {
        pool = createPool(
          { ...options, buffers: gathering ?? options.buffers },
          { proxy: route.proxy, isTunnelled },
          connectTimeoutMs,
        )
        pools.set(key, pool)
        // The next request tries again, since what failed was reading a file.
        pool.catch(() => pools.delete(key))
      }
      return { dispatcher: await pool, target: targetOf(url, route.proxy), route }
    },
    async close() {
      const open = [...pools.values()]
      pools.clear()
      // A pool that could not be made has nothing to end.
      await Promise.all(open.map(async (pool) => (await pool.catch(() => undefined))?.destroy()))
    },
  }
}

/** @throws ConfigError for a proxy setting that cannot be used */
export function routeOf(url: URL, options: ConnectionOptions): Route {
  if (options.proxy === false) return { proxy: undefined, because: 'directly: proxies are switched off' }
  if (options.proxy !== undefined) {
    return { proxy: parseProxy('the proxy option', options.proxy), because: 'by proxy: the proxy option is set' }
  }
  return chooseProxy(url, options.env ?? process.env)
}

/** A proxy takes http requests with their full URL (RFC 9112 section 3.2.2), and opens a tunnel for https. */
function targetOf(url: URL, proxy: URL | undefined): Target {
  if (!proxy || url.protocol === 'https:') {
    return { origin: url.origin, path: url.pathname + url.search, headers: {} }
  }
  const authorization = basicAuthorization(proxy)
  return {
    origin: proxy.origin,
    path: url.origin + url.pathname + url.search,
    headers: { host: url.host, ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }) },
  }
}

async function createPool(
  options: ConnectionOptions,
  { proxy, isTunnelled }: { readonly proxy: URL | undefined; readonly isTunnelled: boolean },
  timeout: number,
): Promise<Dispatcher> {
  const { Agent, buildConnector } = await import('./undici.js')
  const rejectUnauthorized = options.insecure !== true
  const isEncrypted = isTunnelled || proxy?.protocol === 'https:'
  const trusted = options.ca ?? (isEncrypted ? await options.caWhenNeeded?.() : undefined)
  const tls = {
    ...(trusted === undefined ? {} : { ca: trusted }),
    ...(options.cert === undefined ? {} : { cert: options.cert }),
    ...(options.key === undefined ? {} : { key: options.key }),
    rejectUnauthorized,
    timeout,
  }
  // A cloud's own CA need not be the proxy's, and the client certificate is only for the cloud.
  const ca = proxy?.protocol === 'https:' && trusted !== undefined ? await withPublicAuthorities(trusted) : undefined
  const proxyTls = { ...(ca === undefined ? {} : { ca }), rejectUnauthorized, timeout }
  if (proxy && isTunnelled) return createTunnels(proxy, tls, buildConnector(proxyTls))
  const connect = buildConnector(proxy ? proxyTls : tls)
  const { buffers } = options
  const connectPlain: buildConnector.connector = (target, callback) => {
    if (!buffers) return connect(target, callback)
    let socket: Socket
    const onread = buffers.onread(() => socket)
    buildConnector({ ...tls, onread })(target, (...result) => {
      if (result[0] === null) socket = result[1]
      callback(...result)
    })
  }
  return new Agent({
    connect: (target, callback) =>
      (target.protocol === 'http:' ? connectPlain : connect)(target, (...result) => {
        if (result[0] === null) readBeforeWriteErrors(result[1])
        callback(...result)
      }),
  })
}

async function withPublicAuthorities(ca: string): Promise<string[]> {
  const { rootCertificates } = await import('node:tls')
  return [...rootCertificates, ca]
}

async function createTunnels(
  proxy: URL,
  tls: buildConnector.BuildOptions,
  connect: buildConnector.connector,
): Promise<Dispatcher> {
  const { Pool, ProxyAgent } = await import('./undici.js')
  const token = basicAuthorization(proxy)
  const headersTimeout = tls.timeout ?? 0
  return new ProxyAgent({
    uri: withoutUserinfo(proxy).href,
    ...(token === undefined ? {} : { token }),
    requestTls: tls,
    clientFactory(origin) {
      const pool = new Pool(origin, {
        // undici passes the proxy's name to TLS even when it is an IP address, which TLS does not allow.
        connect: ({ servername, ...target }, callback) =>
          connect(isIP(servername ?? '') === 0 && servername ? { ...target, servername } : target, callback),
        // The tunnel counts as part of connecting, so it has the same timeout.
        headersTimeout,
      })
      const openOrSay = (request: Dispatcher.ConnectOptions) =>
        new Promise<Dispatcher.ConnectData>((resolve, reject) => {
          Pool.prototype.connect.call(pool, request, (cause, data) => {
            if (cause) reject(new ProxyHopError('the proxy opened no tunnel', { cause }))
            else resolve(data)
          })
        })
      return Object.assign(pool, { connect: openOrSay })
    },
  })
}
