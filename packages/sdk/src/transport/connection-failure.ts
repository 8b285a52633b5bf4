import { CloudClosedError, ConnectionError, TimeoutError } from '../errors/connection-errors.js'
import { TyraxError } from '../errors/tyrax-error.js'
import { redactUrl } from './redact.js'

/** The request that an exchange attempted. */
export interface Attempted {
  readonly method: string
  readonly url: URL
  /** The proxy that it used, without credentials. */
  readonly proxy?: string | undefined
  /** Why this proxy, or none, was used, e.g. `no proxy is set`. */
  readonly route?: string | undefined
  readonly connectTimeoutMs: number
  readonly headersTimeoutMs: number
}

/** The connection to or through the proxy failed before the server was reached; `cause` contains the reason. */
export class ProxyHopError extends Error {}

/** Explains, as one of our errors, why a request could not be sent; our own errors are returned unchanged. */
export function connectFailure(error: unknown, attempted: Attempted): TyraxError {
  if (error instanceof TyraxError) return error
  const code = codeOf(error)
  if (closed.has(code)) return new CloudClosedError({ cause: error })
  const isProxyHop = error instanceof ProxyHopError
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || (code === 'UND_ERR_HEADERS_TIMEOUT' && isProxyHop)) {
    const target = attempted.proxy ? `the proxy ${attempted.proxy}` : attempted.url.host
    return new TimeoutError(
      `no connection to ${target} within ${attempted.connectTimeoutMs} ms${routeNote(attempted)}`,
      { limit: 'connect', timeoutMs: attempted.connectTimeoutMs },
      { cause: error },
    )
  }
  if (code === 'UND_ERR_HEADERS_TIMEOUT') {
    return new TimeoutError(
      `${attempted.url.host} has not responded for ${attempted.headersTimeoutMs} ms`,
      { limit: 'headers', timeoutMs: attempted.headersTimeoutMs },
      { cause: error },
    )
  }
  const { reason, message, hint } = describe(code, error, attempted)
  return connectionError(reason, `${message}${routeNote(attempted)}`, attempted, error, hint)
}

/** Explains why a response broke off after its headers. */
export function readFailure(error: unknown, attempted: Attempted): TyraxError {
  if (error instanceof TyraxError) return error
  if (closed.has(codeOf(error))) return new CloudClosedError({ cause: error })
  return connectionError(
    'truncated',
    `${attempted.url.host} closed the connection before the response was complete`,
    attempted,
    error,
  )
}

function connectionError(
  reason: ConnectionError['reason'],
  message: string,
  attempted: Attempted,
  cause: unknown,
  hint?: string,
): ConnectionError {
  return new ConnectionError(
    message,
    { reason, method: attempted.method, url: redactUrl(attempted.url), hint },
    { cause },
  )
}

interface Description {
  readonly reason: ConnectionError['reason']
  readonly message: string
  readonly hint?: string
}

function describe(code: string, error: unknown, attempted: Attempted): Description {
  const { url, proxy } = attempted
  const isProxyHop = proxy !== undefined && (error instanceof ProxyHopError || url.protocol === 'http:')
  const tls = tlsDescription(code, isProxyHop ? `the proxy ${proxy}` : url.host)
  if (tls) return tls
  if (proxy && (unreachable.has(code) || unresolved.has(code))) {
    return {
      reason: 'proxy',
      message: `the proxy ${proxy} cannot be reached (${code})`,
      hint: `correct the proxy setting, or list ${url.hostname} in NO_PROXY`,
    }
  }
  if (broken.has(code)) {
    const host = error instanceof ProxyHopError && proxy ? `the proxy ${proxy}` : url.host
    return { reason: 'reset', message: `${host} closed the connection without a response` }
  }
  if (proxy && (error instanceof ProxyHopError || /proxy/i.test(messageOf(error)))) {
    return {
      reason: 'proxy',
      message: `the proxy ${proxy} refused to connect to ${url.host}: ${messageOf(error)}`,
      hint: `check the proxy's rules and credentials, or list ${url.hostname} in NO_PROXY`,
    }
  }
  if (unresolved.has(code)) {
    return {
      reason: 'dns',
      message: `the host name ${url.hostname} cannot be resolved (${code})`,
      hint: 'check the spelling of the host, and the name server',
    }
  }
  if (unreachable.has(code)) {
    return {
      reason: 'refused',
      message: `${url.host} cannot be reached (${code})`,
      hint: 'check the address and port, and that the service is running',
    }
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW') {
    return { reason: 'unknown', message: `the headers of the response of ${url.host} are larger than 16 KiB` }
  }
  if (code.startsWith('HPE_') || (error instanceof Error && error.name === 'HTTPParserError')) {
    return {
      reason: 'unknown',
      message: `the response of ${url.host} is not HTTP: ${messageOf(error)}`,
      hint: 'an https service with an http URL responds like this',
    }
  }
  return { reason: 'unknown', message: `the request to ${url.host} failed: ${messageOf(error)}` }
}

function tlsDescription(code: string, host: string): Description | undefined {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return {
      reason: 'tls',
      message: `the certificate of ${host} is for another host name`,
      hint: 'use the host name of the certificate in the URL',
    }
  }
  if (unknownIssuer.has(code)) {
    return {
      reason: 'tls',
      message: `the certificate of ${host} is signed by an authority that is not trusted here (${code})`,
      hint: 'name its CA file: cacert in clouds.yaml, or OS_CACERT',
    }
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return { reason: 'tls', message: `the certificate of ${host} is not valid now (${code})` }
  }
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code.startsWith('CERT_') || code === 'EPROTO') {
    return {
      reason: 'tls',
      message: `TLS with ${host} failed (${code})`,
      hint: 'an http service with an https URL fails like this; a client certificate may be needed',
    }
  }
  return undefined
}

const closed = new Set(['UND_ERR_DESTROYED', 'UND_ERR_CLOSED'])
const unresolved = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME'])
const unreachable = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
  'ENOENT',
])
const broken = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'UND_ERR_SOCKET', 'ERR_STREAM_PREMATURE_CLOSE'])
const unknownIssuer = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
])

/** The first code in the chain of causes; if several addresses were tried, there is an AggregateError. */
function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; depth += 1) {
    const code: unknown = Reflect.get(at, 'code')
    const generic = code === 'UND_ERR_ABORTED' || code === undefined
    if (typeof code === 'string' && !generic) return code
    at = at instanceof AggregateError && at.errors.length > 0 ? at.errors[0] : at.cause
  }
  return ''
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function routeNote(attempted: Attempted): string {
  return attempted.route === undefined ? '' : ` [${attempted.route}]`
}
