import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { httpReasons } from '@tyrax/protocol'
import type { Context } from 'hono'
import type { HttpEnv } from '../../context.js'
import { alreadySent, respond } from '../../http/respond.js'
import { faultBody, type SwiftFault } from '../errors.js'

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
  return respond(c, fault.status, { 'content-type': type, ...fault.headers }, body)
}

/** An answer without a body. */
export function empty(c: SwiftContext, status: number, headers: Record<string, string>): Response {
  return respond(c, status, { 'content-type': 'text/html; charset=UTF-8', ...headers })
}

/** How a listing is wanted (swift/common/request_helpers.py `get_listing_content_type`): `format` wins over Accept. */
function listingFormat(c: SwiftContext): 'json' | 'text' {
  const format = c.req.query('format')?.toLowerCase()
  if (format !== undefined) return format === 'json' ? 'json' : 'text'
  return (c.req.header('accept') ?? '').includes('application/json') ? 'json' : 'text'
}

/**
 * A listing in the form that was asked for; an empty one as text is 204. One of several pieces is sent while it is read,
 * so that no more than a piece of it is in memory, however slowly its receiver takes it.
 */
export async function listing(
  c: SwiftContext,
  pieces: AsyncGenerator<readonly ListingEntry[], void>,
  headers: Record<string, string>,
): Promise<Response> {
  const isJson = listingFormat(c) === 'json'
  const all = { ...headers, 'Content-Type': `${isJson ? 'application/json' : 'text/plain'}; charset=utf-8` }
  const first = await pieces.next()
  if (first.done && !isJson) return respond(c, 204, all)
  const second = first.done ? first : await pieces.next()
  const render = (entries: readonly ListingEntry[], isFirst: boolean) =>
    isJson ? `${isFirst ? '[' : ','}${JSON.stringify(entries).slice(1, -1)}` : entries.map(line).join('')
  const begin = first.done ? '[' : render(first.value, true)
  const end = isJson ? ']' : ''
  if (second.done) return respond(c, 200, all, begin + end)
  async function* body() {
    yield begin
    for (let next = second; !next.done; next = await pieces.next()) yield render(next.value, false)
    yield end
  }
  const { outgoing } = c.env
  outgoing.writeHead(200, all)
  // The head is out: a client learns from a connection cut short that entries are missing.
  await pipeline(Readable.from(body(), { highWaterMark: 1 }), outgoing).catch(() => outgoing.destroy())
  return alreadySent
}

function line(entry: ListingEntry): string {
  return `${'name' in entry ? entry.name : entry.subdir}\n`
}

export type ListingEntry = { readonly subdir: string } | { readonly name: string; readonly [key: string]: unknown }
