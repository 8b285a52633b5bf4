import { takeTurn } from '../../http/turns.js'
import { readParameter } from '../http/target.js'
import { SwiftFault } from '../errors.js'
import { isTrue } from '../http/response.js'

/** What a listing is asked for (swift/common/request_helpers.py, swift/container/backend.py `list_objects_iter`). */
export interface ListingQuery {
  readonly limit: number
  readonly marker: string
  readonly endMarker: string
  readonly prefix: string
  readonly delimiter: string
  readonly reverse: boolean
}

/**
 * Reads the query.
 * @param target path and query as sent
 * @throws SwiftFault 412 for a limit above `most`, 400 for text that is not UTF-8; what is not a number is the default
 */
export function readListingQuery(target: string, most: number): ListingQuery {
  const read = (name: string) => readParameter(target, name)
  const given = read('limit') ?? ''
  const limit = /^\d+$/.test(given) ? Number(given) : most
  if (limit > most) throw new SwiftFault(412, `Maximum limit is ${most}`)
  const path = read('path')
  const folder = path === undefined ? undefined : path === '' || path.endsWith('/') ? path : `${path}/`
  const prefix = folder ?? read('prefix') ?? ''
  const delimiter = folder === undefined ? (read('delimiter') ?? '') : '/'
  const reverse = isTrue(read('reverse'))
  return {
    // No name has a NUL in it, so that none begins with such a prefix or goes on past such a delimiter.
    limit: prefix.includes('\0') ? 0 : limit,
    marker: boundWithoutNul(read('marker') ?? '', reverse ? 'upper' : 'lower'),
    endMarker: boundWithoutNul(read('end_marker') ?? '', reverse ? 'lower' : 'upper'),
    prefix,
    delimiter: delimiter.includes('\0') ? '' : delimiter,
    reverse,
  }
}

/** The bound without NUL that parts the names, none of which has one, in the same place. */
function boundWithoutNul(text: string, side: 'lower' | 'upper'): string {
  const at = text.indexOf('\0')
  return at < 0 ? text : text.slice(0, at) + (side === 'upper' ? '\u0001' : '')
}

/** One step of a scan: the next row past a name, in the direction of the listing. */
export interface ScanBounds {
  /** Names beyond this one, exclusive; with `inclusive`, from it on. Undefined: from the start. */
  readonly past: string | undefined
  readonly inclusive: boolean
  readonly endMarker: string
  readonly prefix: string
  readonly reverse: boolean
  readonly limit: number
}

export type Listed<Row> = { readonly row: Row } | { readonly subdir: string }

/** Rows that are read in one step. */
const mostRows = 250

/**
 * A page of names in order, piece by piece. With a delimiter, names that go on past it are one `subdir`, and the scan jumps over
 * everything below it instead of reading it. The row after a jump is often the next subdir, so that few are asked for
 * then, and more again while there is no other jump.
 */
export async function* listPage<Row extends { readonly name: string }>(
  query: ListingQuery,
  scan: (bounds: ScanBounds) => readonly Row[],
): AsyncGenerator<Listed<Row>[], void> {
  const { prefix, delimiter, reverse, endMarker } = query
  let page: Listed<Row>[] = []
  let left = query.limit
  let past = query.marker === '' ? undefined : query.marker
  let inclusive = false
  let wanted = mostRows
  while (left > 0) {
    await takeTurn()
    if (page.length >= mostRows) {
      yield page
      page = []
    }
    const limit = Math.min(wanted, left)
    const rows = scan({ past, inclusive, endMarker, prefix, reverse, limit })
    inclusive = false
    wanted = Math.min(wanted * 4, mostRows)
    let jumped = false
    for (const row of rows) {
      past = row.name
      const end = delimiter === '' ? -1 : row.name.indexOf(delimiter, prefix.length)
      if (end < 0) {
        page.push({ row })
        left -= 1
        continue
      }
      const subdir = row.name.slice(0, end + delimiter.length)
      if (subdir !== query.marker) {
        page.push({ subdir })
        left -= 1
      }
      // Forward, on to the first name after all that begin so; backward, to before the subdir's own name.
      const next = reverse ? subdir : afterAll(subdir)
      if (next === undefined) left = 0
      past = next ?? past
      inclusive = !reverse
      jumped = true
      wanted = 1
      break
    }
    if (!jumped && rows.length < limit) break
  }
  if (page.length > 0) yield page
}

/**
 * The least text above every text that begins with `prefix`; surrogates are no characters and are skipped. Undefined
 * when there is none.
 */
function afterAll(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0)
  while (points.at(-1) === 0x10ffff) points.pop()
  const last = points.pop()
  if (last === undefined) return undefined
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1)
}

interface Bound {
  readonly text: string
  readonly inclusive: boolean
}

/**
 * The conditions of a scan on a `name` column, for a statement that is prepared once per shape. There is at most one
 * bound on each side: of two, SQLite may take the wider one for its index, and would read all that lies between them.
 */
export function scanConditions(bounds: ScanBounds): { readonly sql: string; readonly values: readonly string[] } {
  const { past, inclusive, endMarker, prefix, reverse } = bounds
  const begin: Bound[] = past === undefined ? [] : [{ text: past, inclusive }]
  const end: Bound[] = endMarker === '' ? [] : [{ text: endMarker, inclusive: false }]
  const above = prefix === '' ? undefined : afterAll(prefix)
  const lower = tightest([...(reverse ? end : begin), ...(prefix === '' ? [] : [{ text: prefix, inclusive: true }])], 1)
  const upper = tightest(
    [...(reverse ? begin : end), ...(above === undefined ? [] : [{ text: above, inclusive: false }])],
    -1,
  )
  const conditions = [
    ...(lower ? [` AND name >${lower.inclusive ? '=' : ''} ?`] : []),
    ...(upper ? [` AND name <${upper.inclusive ? '=' : ''} ?`] : []),
  ]
  return {
    sql: `${conditions.join('')} ORDER BY name${reverse ? ' DESC' : ''} LIMIT ?`,
    values: [lower, upper].flatMap((bound) => (bound ? [bound.text] : [])),
  }
}

/** The one that lets the fewest names through, in the order of UTF-8, which is SQLite's. */
function tightest(bounds: readonly Bound[], direction: 1 | -1): Bound | undefined {
  return bounds.toSorted((a, b) => {
    const order = Buffer.compare(Buffer.from(a.text), Buffer.from(b.text)) * direction
    return order === 0 ? Number(a.inclusive) - Number(b.inclusive) : -order
  })[0]
}
