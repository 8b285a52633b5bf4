import { cellOf } from './columns.js'
import type { ItemResult, ListResult, Row } from './result.js'

interface Order {
  readonly sortColumn?: readonly string[] | undefined
  readonly sortDescending?: boolean | undefined
}

/** Sorts by the first column, then by the second, …; records without a value come last, or first when descending. */
export function sortRows(
  result: ListResult | ItemResult,
  { sortColumn = [], sortDescending = false }: Order,
): ListResult | ItemResult {
  if (result.kind === 'item') return result
  const direction = sortDescending ? -1 : 1
  const compare = (a: Row, b: Row): number => {
    for (const column of sortColumn) {
      const order = compareValues(cellOf(a, column), cellOf(b, column))
      if (order !== 0) return order * direction
    }
    return 0
  }
  return { ...result, rows: result.rows.toSorted(compare) }
}

function compareValues(a: unknown, b: unknown): number {
  const [hasA, hasB] = [a ?? undefined, b ?? undefined].map((value) => value !== undefined)
  if (!hasA || !hasB) return Number(hasB) - Number(hasA)
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const [left, right] = [String(a), String(b)]
  return left < right ? -1 : Number(left > right)
}
