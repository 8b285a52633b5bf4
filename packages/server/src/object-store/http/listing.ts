import { Readable } from 'node:stream'
import type { HttpContext } from '../../context.js'
import { respond } from '../../http/respond.js'
import { Refusal } from '../../refusal.js'
import type { Listed, ListingQuery } from '../listing/list-page.js'
import { empty, stream } from './response.js'
import { isTrue, readParameter } from './target.js'

/**
 * Reads the query of a listing. A limit that is not a number means the default.
 * @param target path and query as sent
 * @throws Refusal failed-condition for a limit above `most`, invalid for text that is not UTF-8
 */
export function readListingQuery(target: string, most: number): ListingQuery {
  const read = (name: string) => readParameter(target, name)
  const given = read('limit') ?? ''
  const limit = /^\d+$/.test(given) ? Number(given) : most
  if (limit > most) throw new Refusal('failed-condition', `Maximum limit is ${most}`)
  const path = read('path')
  const folder = path === undefined ? undefined : path === '' || path.endsWith('/') ? path : `${path}/`
  const prefix = folder ?? read('prefix') ?? ''
  const delimiter = folder === undefined ? (read('delimiter') ?? '') : '/'
  const reverse = isTrue(read('reverse'))
  return {
    // No name contains NUL, so a prefix with NUL matches none and a delimiter with NUL has no effect.
    limit: prefix.includes('\0') ? 0 : limit,
    marker: boundWithoutNul(read('marker') ?? '', reverse ? 'upper' : 'lower'),
    endMarker: boundWithoutNul(read('end_marker') ?? '', reverse ? 'lower' : 'upper'),
    prefix,
    delimiter: delimiter.includes('\0') ? '' : delimiter,
    reverse,
  }
}

/** An equivalent bound without NUL: it divides the names, none of which contains NUL, at the same place. */
function boundWithoutNul(text: string, side: 'lower' | 'upper'): string {
  const at = text.indexOf('\0')
  return at < 0 ? text : text.slice(0, at) + (side === 'upper' ? '\u0001' : '')
}

/** One line of a listing, as JSON shows it. */
export type ListingEntry = { readonly subdir: string } | { readonly name: string; readonly [key: string]: unknown }

/**
 * A listing in the requested format; an empty one as text is 204. A listing of several pages is sent while it is read,
 * so that only a page of it is in memory, however slowly the client reads.
 */
export async function listing<Row>(
  c: HttpContext,
  pages: AsyncGenerator<readonly Listed<Row>[], void>,
  entryOf: (row: Row) => ListingEntry,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const isJson = listingFormat(c) === 'json'
  const all = { ...headers, 'Content-Type': `${isJson ? 'application/json' : 'text/plain'}; charset=utf-8` }
  const first = await pages.next()
  if (first.done && !isJson) return empty(c, 204, all)
  const second = first.done ? first : await pages.next()
  const render = (page: readonly Listed<Row>[], isFirst: boolean) => {
    const entries = page.map((each) => ('subdir' in each ? { subdir: each.subdir } : entryOf(each.row)))
    return isJson ? `${isFirst ? '[' : ','}${JSON.stringify(entries).slice(1, -1)}` : entries.map(line).join('')
  }
  const begin = first.done ? '[' : render(first.value, true)
  const end = isJson ? ']' : ''
  if (second.done) return respond(c, 200, all, begin + end)
  async function* body() {
    yield begin
    for (let next = second; !next.done; next = await pages.next()) yield render(next.value, false)
    yield end
  }
  return stream(c, 200, all, Readable.from(body(), { highWaterMark: 1 }))
}

/**
 * The requested format of a listing; `format` overrides Accept (swift/common/request_helpers.py
 * `get_listing_content_type`).
 */
function listingFormat(c: HttpContext): 'json' | 'text' {
  const format = c.req.query('format')?.toLowerCase()
  if (format !== undefined) return format === 'json' ? 'json' : 'text'
  return (c.req.header('accept') ?? '').includes('application/json') ? 'json' : 'text'
}

function line(entry: ListingEntry): string {
  return `${'name' in entry ? entry.name : entry.subdir}\n`
}
