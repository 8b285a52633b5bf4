import { isIP } from 'node:net'
import type { buildConnector, Dispatcher } from 'undici'
import { basicAuthorization, withoutUserinfo } from '../transport/basic-authorization.js'
import { ProxyHopError } from '../transport/connection-failure.js'
import { chooseProxy, parseProxy, type ProxyEnvironment, type Route } from './proxy.js'
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
  /** The URL of an http or https proxy for everything, or false for none. Absent: the environment decides. */
  readonly proxy?: string | false | undefined
  /** Where `http_proxy` and the like are read. @default process.env */
  readonly env?: ProxyEnvironment | undefined
  /** What connections without TLS read into. Absent: memory of its own for each piece. */
  readonly buffers?: ReceiveBuffers | undefined
}

/** Where a request is sent, and as what. */
interface Target {
  readonly origin: string
  readonly path: string
  /** Beside the request's own. */
  readonly headers: Readonly<Record<string, string>>
}

/** A way out for one request. */
interface Chosen {
  readonly dispatcher: Dispatcher
  readonly target: Target
  readonly route: Route
}

/** Connection pools, one for each proxy and connect timeout in use. Made at first use. */
export interface Dispatchers {
  /** @throws ConfigError for a proxy setting that cannot be used */
  choose(url: URL, connectTimeoutMs: number): Promise<Chosen>
  close(): Promise<void>
}

export function createDispatchers(options: ConnectionOptions): Dispatchers {
  const pools = new Map<string, Promise<Dispatcher>>()
  return {
    async choose(url, connectTimeoutMs) {
      const route = routeOf(url, options)
      const isTunnelled = url.protocol === 'https:'
      const key = `${connectTimeoutMs} ${isTunnelled} ${route.proxy?.href ?? ''}`
      let pool = pools.get(key)
      if (!pool) {
        pool = createPool(options, { proxy: route.proxy, isTunnelled }, connectTimeoutMs)
        pools.set(key, pool)
      }
      return { dispatcher: await pool, target: targetOf(url, route.proxy), route }
    },
    async close() {
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
