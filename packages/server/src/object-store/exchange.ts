import { randomUUID } from 'node:crypto'
import { httpReasons } from '@tyrax/protocol'
import type { Context } from 'hono'
import type { HttpEnv } from '../context.js'
import { faultBody, SwiftFault } from './errors.js'

export type SwiftContext = Context<HttpEnv>

/** What a request names: an account, a container in it, an object in that. */
export interface SwiftPath {
  readonly account: string
  readonly container: string | undefined
  readonly object: string | undefined
}

export interface ObjectAddress {
  readonly account: string
  readonly container: string
  readonly object: string
}

/**
 * `/v1/AUTH_<project>/container/object`, decoded; an object's name goes to the end, slashes included.
 * @throws SwiftFault 412 when the bytes are not UTF-8, 404 when there is no account in it
 */
export function readPath(pathname: string): SwiftPath {
  const [, , account, container, ...rest] = pathname.split('/')
  const object = rest.join('/')
  if (!account) throw new SwiftFault(404)
  return {
    account: decode(account),
    container: container ? decode(container) : undefined,
    object: object ? decode(object) : undefined,
  }
}

export function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new SwiftFault(412, 'Invalid UTF8 or contains NULL')
  }
}

/** As Swift writes names into headers and reports: percent-encoded, slashes as they are (Python's `quote`). */
export function quotePath(text: string): string {
  const code = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  return encodeURIComponent(text)
    .replaceAll('%2F', '/')
    .replaceAll(/[!'()*]/g, code)
}

/** Whether a header or parameter says yes (swift/common/utils `config_true_value`). */
export function isTrue(value: string | undefined | null): boolean {
  return ['true', '1', 'yes', 'on', 't', 'y'].includes(value?.toLowerCase() ?? '')
}

/** The id of an exchange, in the form of Swift's catch_errors middleware. */
export function transactionId(): string {
  return `tx${randomUUID().replaceAll('-', '').slice(0, 21)}-${Math.floor(Date.now() / 1000)
    .toString(16)
    .padStart(10, '0')}`
}

/** A fault as Swift answers it; HEAD has the headers alone. */
export function renderFault(c: SwiftContext, fault: SwiftFault): Response {
  const { type, body } = faultBody(fault, httpReasons[fault.status] ?? 'Error')
  return new Response(c.req.raw.method === 'HEAD' ? null : body, {
    status: fault.status,
    headers: { 'Content-Type': type, ...fault.headers },
  })
}

/** An answer without a body. */
export function empty(status: number, headers: Record<string, string>): Response {
  const bodyless = status === 204 || status === 304
  return new Response(bodyless ? null : '', {
    status,
    headers: { 'Content-Type': 'text/html; charset=UTF-8', ...(bodyless ? {} : { 'Content-Length': '0' }), ...headers },
  })
}

/** How a listing is wanted (swift/common/request_helpers.py `get_listing_content_type`): `format` wins over Accept. */
function listingFormat(c: SwiftContext): 'json' | 'text' {
  const format = c.req.query('format')?.toLowerCase()
  if (format !== undefined) return format === 'json' ? 'json' : 'text'
  return (c.req.header('accept') ?? '').includes('application/json') ? 'json' : 'text'
}

/** A listing in the form that was asked for; an empty one as text is 204. */
export function listing(c: SwiftContext, entries: readonly ListingEntry[], headers: Record<string, string>): Response {
  if (listingFormat(c) === 'json') {
    const body = JSON.stringify(entries)
    return new Response(body, {
      status: 200,
      headers: { ...headers, 'Content-Type': 'application/json; charset=utf-8' },
    })
  }
  if (entries.length === 0) {
    return new Response(null, { status: 204, headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8' } })
  }
  const text = entries.map((entry) => `${'name' in entry ? entry.name : entry.subdir}\n`).join('')
  return new Response(text, { status: 200, headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8' } })
}

export type ListingEntry = { readonly subdir: string } | { readonly name: string; readonly [key: string]: unknown }
