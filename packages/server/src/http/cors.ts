import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { AddressError } from '../config/address.js'

/** The origins whose pages may read responses; `*` for all origins. */
export type CorsOrigins = ReadonlySet<string> | '*'

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

const methods = words('GET HEAD POST PUT PATCH DELETE COPY OPTIONS')

/**
 * The headers that oslo.middleware always allows, those that Keystone and Glance add (keystone/conf/__init__.py,
 * glance/common/config.py `set_cors_middleware_defaults`), and the others that their APIs and Swift's take.
 */
const allowedHeaders = new Set(
  words(`
    accept accept-language cache-control content-language content-type expires last-modified pragma
    x-auth-token x-subject-token x-service-token x-storage-token x-auth-user x-auth-key x-openstack-request-id
    openstack-auth-receipt x-project-id x-project-name x-project-domain-id x-project-domain-name x-domain-id x-domain-name
    content-md5 x-image-meta-checksum accept-encoding x-identity-status x-roles x-service-catalog x-user-id x-tenant-id
    x-image-meta-store x-openstack-image-size content-range range if-match if-none-match if-modified-since
    if-unmodified-since if-range etag content-encoding content-disposition destination destination-account x-copy-from
    x-copy-from-account x-fresh-metadata x-newest x-delete-at x-delete-after x-object-manifest x-storage-policy x-trans-id-extra
    x-container-read x-container-write x-detect-content-type x-if-delete-at x-symlink-target x-symlink-target-account
    x-versions-enabled x-versions-location x-history-location x-container-sync-key x-container-sync-to
  `),
)
/** Header names that end in a user-defined name (swift/common/request_helpers.py). */
const allowedPatterns = /^x-(?:remove-)?(?:account|container|object)-(?:sysmeta-|meta-|transient-)?[\w.~-]+$/

/** Headers that pages may read, in addition to the safelisted ones and a response's `x-` and `openstack-` headers. */
const exposedHeaders = words(`
  content-length content-range content-md5 content-encoding content-disposition accept-ranges etag location date retry-after
  www-authenticate x-subject-token x-auth-token x-service-token openstack-auth-receipt x-openstack-request-id x-trans-id
  x-timestamp x-image-meta-checksum openstack-image-import-methods openstack-image-store-ids
`)

/** The default of oslo.middleware. */
const maxAgeSeconds = 3600

/**
 * Reads the configured CORS origins; undefined when there are none.
 * @throws AddressError for anything that is not an origin
 */
export function readCorsOrigins(given: readonly string[] | '*' | undefined): CorsOrigins | undefined {
  const origins = typeof given === 'string' ? [given] : (given ?? [])
  if (origins.length === 0) return undefined
  if (origins.includes('*')) return '*'
  return new Set(origins.map(readOrigin))
}

/** An origin as browsers send it: scheme, host and port, nothing else (RFC 6454 section 6.2). */
function readOrigin(text: string): string {
  const given = text.trim().replace(/\/$/, '')
  // Pages of extensions and apps have their own schemes, for which the URL parser returns no origin.
  if (!/^[a-z][a-z0-9+.-]*:\/\/(?:\[[0-9a-f:.]+\]|[^\s/?#@:[\]*]+)(?::\d+)?$/i.test(given) || !URL.canParse(given)) {
    throw new AddressError('cors', `"${text}" is not an origin: it is like http://localhost:5173, without a path, or *`)
  }
  const { origin } = new URL(given)
  return origin === 'null' ? given.toLowerCase() : origin
}

/** Adds headers to every response, errors included, that decide whether the requesting page may read it. */
export function withCors(origins: CorsOrigins | undefined, listener: RequestListener): RequestListener {
  if (origins === undefined) return listener
  return (incoming, outgoing) => {
    decorate(origins, incoming, outgoing)
    listener(incoming, outgoing)
  }
}

/**
 * Responds to preflight requests, which browsers send before a request with a token. They carry no token themselves, so
 * this runs before any service. A preflight from an origin that is not allowed is handled like any other request.
 */
export function answerPreflights(origins: CorsOrigins | undefined, listener: RequestListener): RequestListener {
  if (origins === undefined) return listener
  return (incoming, outgoing) => {
    const { headers, method } = incoming
    const isPreflight = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
    if (!isPreflight || allowed(origins, headers.origin) === undefined) return listener(incoming, outgoing)
    const asked = (headers['access-control-request-headers'] ?? '').split(',').map((name) => name.trim().toLowerCase())
    const permitted = asked.filter((name) => allowedHeaders.has(name) || allowedPatterns.test(name))
    outgoing.writeHead(200, {
      'access-control-allow-methods': methods.join(', '),
      ...(permitted.length > 0 && { 'access-control-allow-headers': permitted.join(', ') }),
      'access-control-max-age': String(maxAgeSeconds),
      // A page from a public address requests this machine or network (Private Network Access).
      ...(headers['access-control-request-private-network'] === 'true' && {
        'access-control-allow-private-network': 'true',
      }),
      'content-length': '0',
    })
    outgoing.end()
  }
}

/** The value of Access-Control-Allow-Origin; undefined when the header must not be sent. */
function allowed(origins: CorsOrigins, origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined
  if (origins === '*') return '*'
  return origins.has(origin) ? origin : undefined
}

type WriteHead = (status: number, headers: Record<string, unknown>) => ServerResponse

/** Adds the headers when the head is written, so that it works for a service, a fault and the front door alike. */
function decorate(origins: CorsOrigins, { headers }: IncomingMessage, outgoing: ServerResponse): void {
  const origin = allowed(origins, headers.origin)
  if (origins === '*' && origin === undefined) return
  const writeHead = outgoing.writeHead.bind(outgoing) as WriteHead
  outgoing.writeHead = (status: number, ...rest: unknown[]) => {
    const given = rest.find((each) => typeof each === 'object' && each !== null) ?? {}
    for (const [name, value] of entriesOf(given)) outgoing.setHeader(name, value)
    const message = rest.find((each) => typeof each === 'string')
    if (message !== undefined) outgoing.statusMessage = message
    if (origins !== '*') outgoing.setHeader('vary', varyWithOrigin(outgoing.getHeader('vary')))
    if (origin !== undefined) {
      outgoing.setHeader('access-control-allow-origin', origin)
      const present = outgoing.getHeaderNames().filter((name) => /^(?:x-|openstack-)/.test(name))
      outgoing.setHeader('access-control-expose-headers', [...new Set([...exposedHeaders, ...present])].join(', '))
    }
    return writeHead(status, {})
  }
}

/** `writeHead` takes an object, or a flat list of names and values; a repeated name keeps all its values. */
function entriesOf(given: object): [string, string | string[]][] {
  if (!Array.isArray(given)) return Object.entries(given as Record<string, string | string[]>)
  const values = new Map<string, string[]>()
  const flat = given.flat(1) as string[]
  for (let at = 0; at < flat.length; at += 2) {
    const name = flat[at] as string
    values.set(name, [...(values.get(name) ?? []), flat[at + 1] as string])
  }
  return [...values].map(([name, all]) => [name, all.length === 1 ? (all[0] as string) : all])
}

function varyWithOrigin(vary: number | string | string[] | undefined): string {
  const names = vary === undefined ? [] : [vary].flat().map(String)
  return [...names, 'Origin'].join(', ')
}
