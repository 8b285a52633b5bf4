import { takeTurn } from '../../http/turns.js'
import { afterAll, type ScanBounds } from './scan.js'

/** The query of a listing (swift/common/request_helpers.py, swift/container/backend.py `list_objects_iter`). */
export interface ListingQuery {
  readonly limit: number
  readonly marker: string
  readonly endMarker: string
  readonly prefix: string
  readonly delimiter: string
  readonly reverse: boolean
}

export type Listed<Row> = { readonly row: Row } | { readonly subdir: string }

/** The most rows that are read in one step. */
const mostRows = 250

/**
 * Yields a page of names in order, piece by piece. With a delimiter, all names with the same text up to it are one
 * `subdir`, and the scan skips them instead of reading them. The row after a skip is often the next subdir, so only one
 * row is read then, and gradually more while there is no other skip.
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
      // Forward: skip to the first name after all that begin with the subdir; backward: to before the subdir's name.
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
