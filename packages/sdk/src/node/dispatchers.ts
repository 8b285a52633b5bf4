import type { Dispatcher } from 'undici'
import { chooseProxy, type ProxyEnvironment, type Route } from './proxy.js'
import { readBeforeWriteErrors } from './linger.js'
import type { ReceiveBuffers } from './receive-buffers.js'

/** TLS and proxy settings of a transport. */
export interface ConnectionOptions {
  /** Certificates (PEM) to trust instead of the system's. */
  readonly ca?: string | undefined
  /** Client certificate (PEM), with `key`. */
  readonly cert?: string | undefined
  readonly key?: string | undefined
  /** Accept any certificate. @default false */
  readonly insecure?: boolean | undefined
  /** A proxy's URL for everything, or false for none. Absent: the environment decides. */
  readonly proxy?: string | false | undefined
  /** Where `http_proxy` and the like are read. @default process.env */
  readonly env?: ProxyEnvironment | undefined
  /** What connections without TLS read into. Absent: memory of its own for each piece. */
  readonly buffers?: ReceiveBuffers | undefined
}

/** A way out for one request. */
interface Chosen {
  readonly dispatcher: Dispatcher
  readonly route: Route
}

/** Connection pools, one for each proxy and connect timeout in use. Made at first use. */
export interface Dispatchers {
  choose(url: URL, connectTimeoutMs: number): Promise<Chosen>
  close(): Promise<void>
}

export function createDispatchers(options: ConnectionOptions): Dispatchers {
  const pools = new Map<string, Promise<Dispatcher>>()
  return {
    async choose(url, connectTimeoutMs) {
      const route = routeOf(url, options)
      const key = `${connectTimeoutMs} ${route.proxy?.href ?? ''}`
      let pool = pools.get(key)
      if (!pool) {
        pool = createPool(options, route.proxy, connectTimeoutMs)
        pools.set(key, pool)
      }
      return { dispatcher: await pool, route }
    },
    async close() {
      const open = [...pools.values()]
      pools.clear()
      await Promise.all(open.map(async (pool) => (await pool).destroy()))
    },
  }
}

function routeOf(url: URL, options: ConnectionOptions): Route {
  if (options.proxy === false) return { proxy: undefined, because: 'directly: proxies are switched off' }
  if (options.proxy !== undefined)
    return { proxy: new URL(options.proxy), because: 'by proxy: the proxy option is set' }
  return chooseProxy(url, options.env ?? process.env)
}

async function createPool(options: ConnectionOptions, proxy: URL | undefined, timeout: number): Promise<Dispatcher> {
  const { Agent, ProxyAgent, buildConnector } = await import('undici')
  const tls = {
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    ...(options.cert === undefined ? {} : { cert: options.cert }),
    ...(options.key === undefined ? {} : { key: options.key }),
    rejectUnauthorized: options.insecure !== true,
    timeout,
  }
  if (proxy) {
    return new ProxyAgent({ uri: proxy.href, proxyTunnel: false, requestTls: tls, proxyTls: tls })
  }
  const connect = buildConnector(tls)
  // What TLS hands out is made of records, and copied already.
  const connectPlain = options.buffers ? buildConnector({ ...tls, onread: options.buffers.onread }) : connect
  return new Agent({
    connect: (target, callback) =>
      (target.protocol === 'http:' ? connectPlain : connect)(target, (...result) => {
        if (result[0] === null) readBeforeWriteErrors(result[1])
        callback(...result)
      }),
  })
}
