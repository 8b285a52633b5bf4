import { SwiftFault } from './errors.js'
import { isTrue } from './exchange.js'

/** What a listing is asked for (swift/common/request_helpers.py, swift/container/backend.py `list_objects_iter`). */
export interface ListingQuery {
  readonly limit: number
  readonly marker: string
  readonly endMarker: string
  readonly prefix: string
  readonly delimiter: string
  readonly reverse: boolean
}

/** Reads the query. @throws SwiftFault 412 for a limit above `most`; what is not a number is the default */
export function readListingQuery(query: URLSearchParams, most: number): ListingQuery {
  const given = query.get('limit') ?? ''
  const limit = /^\d+$/.test(given) ? Number(given) : most
  if (limit > most) throw new SwiftFault(412, `Maximum limit is ${most}`)
  const path = query.get('path')
  const folder = path === null ? undefined : path === '' || path.endsWith('/') ? path : `${path}/`
  return {
    limit,
    marker: query.get('marker') ?? '',
    endMarker: query.get('end_marker') ?? '',
    prefix: folder ?? query.get('prefix') ?? '',
    delimiter: folder === undefined ? (query.get('delimiter') ?? '') : '/',
    reverse: isTrue(query.get('reverse')),
  }
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

/**
 * A page of names in order. With a delimiter, names that go on past it are one `subdir`, and the scan jumps over
 * everything below it instead of reading it.
 */
export function listPage<Row extends { readonly name: string }>(
  query: ListingQuery,
  scan: (bounds: ScanBounds) => readonly Row[],
): Listed<Row>[] {
  const { prefix, delimiter, reverse, endMarker } = query
  const page: Listed<Row>[] = []
  let past = query.marker === '' ? undefined : query.marker
  let inclusive = false
  while (page.length < query.limit) {
    const wanted = query.limit - page.length
    const rows = scan({ past, inclusive, endMarker, prefix, reverse, limit: wanted })
    inclusive = false
    let jumped = false
    for (const row of rows) {
      past = row.name
      const end = delimiter === '' ? -1 : row.name.indexOf(delimiter, prefix.length)
      if (end < 0) {
        page.push({ row })
        continue
      }
      const subdir = row.name.slice(0, end + delimiter.length)
      if (subdir !== query.marker) page.push({ subdir })
      // Forward, on to the first name after all that begin so; backward, to before the subdir's own name.
      past = reverse ? subdir : afterAll(subdir)
      inclusive = !reverse
      jumped = true
      break
    }
    if (!jumped && rows.length < wanted) break
  }
  return page
}

/** The least string above every string that begins with `prefix`; surrogates are no characters and are skipped. */
function afterAll(prefix: string): string {
  const points = Array.from(prefix)
  const last = points.pop()?.codePointAt(0) ?? 0
  if (last === 0x10ffff) return afterAll(points.join(''))
  return points.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1)
}

/** The conditions of a scan on a `name` column, for a statement that is prepared once per shape. */
export function scanConditions(bounds: ScanBounds): { readonly sql: string; readonly values: readonly string[] } {
  const { past, inclusive, endMarker, prefix, reverse } = bounds
  const conditions: string[] = []
  const values: string[] = []
  const add = (condition: string, value: string) => {
    conditions.push(condition)
    values.push(value)
  }
  if (past !== undefined) add(`name ${reverse ? '<' : '>'}${inclusive ? '=' : ''} ?`, past)
  if (endMarker !== '') add(`name ${reverse ? '>' : '<'} ?`, endMarker)
  if (prefix !== '') {
    add('name >= ?', prefix)
    add('name < ?', afterAll(prefix))
  }
  return {
    sql:
      conditions.map((condition) => ` AND ${condition}`).join('') + ` ORDER BY name${reverse ? ' DESC' : ''} LIMIT ?`,
    values,
  }
}
