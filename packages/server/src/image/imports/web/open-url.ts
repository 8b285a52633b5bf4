import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { ImportFilter } from '../../../config/cloud-config.js'
import { filterUrl, type AllowedUrl } from './import-filter.js'

/** The body of a download. */
export interface OpenedUrl {
  /** Throws when the connection breaks, brings nothing for too long, or `signal` is aborted. */
  readonly bytes: AsyncIterable<Uint8Array>
  /** Undefined: the server has not declared it. */
  readonly declaredSize: number | undefined
}

export interface OpenUrlOptions {
  readonly filter: ImportFilter
  /** How long the server may send nothing. */
  readonly idleMilliseconds: number
  readonly signal: AbortSignal
  /** Only sent to the first server, not to those that it redirects to. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** HEAD: without a body. @default 'GET' */
  readonly method?: 'GET' | 'HEAD' | undefined
}

const mostRedirects = 10
const redirectStatuses: ReadonlySet<number | undefined> = new Set([301, 302, 303, 307, 308])

/**
 * Opens a download over HTTP or HTTPS. Every URL, also of a redirect, passes the filter, and the connection goes to an
 * address that was checked, so that a name cannot lead elsewhere the second time it is resolved.
 * @throws Error that says what went wrong: a URL that is filtered, another status than 200, too many redirects, a server
 * that cannot be reached or stays silent
 */
export async function openUrl(uri: string, options: OpenUrlOptions): Promise<OpenedUrl> {
  let at = uri
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const allowed = await filterUrl(at, options.filter)
    if (allowed === undefined)
      throw new Error(
        redirects === 0 ? 'URI does not pass filtering' : `Redirect to disallowed URL: ${withoutSecrets(at)}`,
      )
    const response = await send(allowed, options, redirects === 0 ? (options.headers ?? {}) : {})
    const { statusCode, headers } = response
    if (statusCode === 200)
      return { bytes: readAll(response, allowed, options.signal), declaredSize: lengthOf(response) }
    response.destroy()
    if (!redirectStatuses.has(statusCode) || headers.location === undefined) {
      throw new Error(`HTTP ${String(statusCode)} ${response.statusMessage ?? ''} from ${allowed.url.host}`)
    }
    at = URL.canParse(headers.location, allowed.url) ? new URL(headers.location, allowed.url).href : headers.location
  }
  throw new Error(`More than ${mostRedirects} redirects`)
}

function send(
  { url, addresses }: AllowedUrl,
  { idleMilliseconds, signal, method = 'GET' }: OpenUrlOptions,
  headers: Readonly<Record<string, string>>,
): Promise<IncomingMessage> {
  const isSecure = url.protocol === 'https:'
  return new Promise((resolve, reject) => {
    const request = (isSecure ? httpsRequest : httpRequest)(url, {
      // An agent of its own: no connection of another request is reused, and none is kept.
      agent: isSecure ? new HttpsAgent() : new HttpAgent(),
      headers: { ...headers, accept: '*/*', 'accept-encoding': 'identity', connection: 'close' },
      lookup: pinTo(addresses),
      signal,
      method,
    })
    let received: IncomingMessage | undefined
    request.setTimeout(idleMilliseconds, () => {
      const silent = new Error(`${url.host} has sent nothing for ${idleMilliseconds / 1000} seconds`)
      ;(received ?? request).destroy(silent)
    })
    request.on('error', (error) => reject(signal.aborted ? reasonOf(signal) : unreachable(url, error)))
    request.on('response', (response) => {
      received = response
      resolve(response)
    })
    request.end()
  })
}

/** Resolves every name to the addresses that were checked. */
function pinTo(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_host, options, done) => {
    const [first] = found
    if (options.all === true) done(null, found)
    else done(null, first?.address ?? '', first?.family)
  }
}

async function* readAll(
  response: IncomingMessage,
  { url }: AllowedUrl,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* response as AsyncIterable<Uint8Array>
  } catch (error) {
    throw signal.aborted ? reasonOf(signal) : unreachable(url, error)
  } finally {
    response.destroy()
  }
}

function unreachable(url: URL, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error)
  if (reason.startsWith(url.host)) return error as Error
  const told = reason === 'aborted' ? 'the connection ended before the whole body had arrived' : reason
  return new Error(`The download from ${url.host} failed: ${told}`, { cause: error })
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('the download was aborted')
}

function lengthOf({ headers }: IncomingMessage): number | undefined {
  const length = headers['content-length']
  return length === undefined || headers['transfer-encoding'] !== undefined ? undefined : Number(length)
}

/** Without the user and the query, which may hold secrets. */
function withoutSecrets(uri: string): string {
  if (!URL.canParse(uri)) return 'a malformed one'
  const { protocol, host, pathname } = new URL(uri)
  return `${protocol}//${host}${pathname}`
}
