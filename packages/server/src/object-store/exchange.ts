import { randomUUID } from 'node:crypto'
import { httpReasons } from '@tyrax/protocol'
import type { Context } from 'hono'
import type { HttpEnv } from '../context.js'
import { takeTurn } from '../http/turns.js'
import { faultBody, type SwiftFault } from './errors.js'

export type SwiftContext = Context<HttpEnv>

/** The path and the query as they were sent; `new URL()` would resolve the dots in them. */
export function targetOf(c: SwiftContext): string {
  return c.req.url.slice(c.req.url.indexOf('/', c.req.url.indexOf('//') + 2))
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
export async function listing(
  c: SwiftContext,
  entries: readonly ListingEntry[],
  headers: Record<string, string>,
): Promise<Response> {
  const isJson = listingFormat(c) === 'json'
  const type = `${isJson ? 'application/json' : 'text/plain'}; charset=utf-8`
  const respond = (status: number, body: Uint8Array | null) =>
    new Response(body as BodyInit | null, { status, headers: { ...headers, 'Content-Type': type } })
  if (entries.length === 0 && !isJson) return respond(204, null)
  const pieces: Buffer[] = []
  for (let at = 0; at < entries.length; at += pieceLength) {
    await takeTurn()
    const piece = entries.slice(at, at + pieceLength)
    pieces.push(
      Buffer.from(isJson ? (at === 0 ? '' : ',') + JSON.stringify(piece).slice(1, -1) : piece.map(line).join('')),
    )
  }
  return respond(200, Buffer.concat(isJson ? [Buffer.from('['), ...pieces, Buffer.from(']')] : pieces))
}

/** Entries that are rendered in one step. */
const pieceLength = 500

function line(entry: ListingEntry): string {
  return `${'name' in entry ? entry.name : entry.subdir}\n`
}

export type ListingEntry = { readonly subdir: string } | { readonly name: string; readonly [key: string]: unknown }
