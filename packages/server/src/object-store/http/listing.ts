import { Readable } from 'node:stream'
import type { HttpContext } from '../../context.js'
import { respond } from '../../http/respond.js'
import { Refusal } from '../../refusal.js'
import type { Listed as ListedRow, ListingQuery } from '../listing/list-page.js'
import { type Listed, type ListingEntry, listingFormat, type ListingType, typeHeaders } from './listing-format.js'
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

/**
 * A listing in the requested type; an empty one as text is 204. A listing of several pages is sent while it is read, so
 * that only a page of it is in memory, however slowly the client reads.
 * @param type of `listingType`, which refuses a request before anything is read
 */
export async function listing<Row>(
  c: HttpContext,
  type: ListingType,
  listed: Listed,
  pages: AsyncGenerator<readonly ListedRow<Row>[], void>,
  entryOf: (row: Row) => ListingEntry,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const format = listingFormat(type, listed)
  const all = { ...headers, ...typeHeaders(c, type) }
  const first = await pages.next()
  if (first.done) return format.empty === '' ? empty(c, 204, all) : respond(c, 200, all, format.empty)
  const second = await pages.next()
  const render = (page: readonly ListedRow<Row>[], isFirst: boolean) =>
    format.entries(
      page.map((each) => ('subdir' in each ? { subdir: each.subdir } : entryOf(each.row))),
      isFirst,
    )
  const begin = format.begin + render(first.value, true)
  if (second.done) return respond(c, 200, all, begin + format.end)
  async function* body() {
    yield begin
    for (let next = second; !next.done; next = await pages.next()) yield render(next.value, false)
    yield format.end
  }
  return stream(c, 200, all, Readable.from(body(), { highWaterMark: 1 }))
}
