import type { Database } from '../../database/database.js'

/** The bounds of one step of a scan: the next rows past a name, in the direction of the listing. */
export interface ScanBounds {
  /** The scan starts after this name, or with `inclusive` at it. Undefined: from the start. */
  readonly past: string | undefined
  readonly inclusive: boolean
  readonly endMarker: string
  readonly prefix: string
  readonly reverse: boolean
  readonly limit: number
}

/**
 * Reads rows of a table with a `name` in the order of their names.
 * @param select the statement up to the conditions on the names
 */
export function preparedScan<Row>(
  db: Database,
  select: string,
): (keys: readonly string[], bounds: ScanBounds) => Row[] {
  const statements = new Map<string, ReturnType<Database['prepare']>>()
  return (keys, bounds) => {
    const { sql, values } = scanConditions(bounds)
    const statement = statements.get(sql) ?? db.prepare(select + sql)
    statements.set(sql, statement)
    return statement.all(...keys, ...values, bounds.limit) as Row[]
  }
}

interface Bound {
  readonly text: string
  readonly inclusive: boolean
}

/**
 * The conditions of a scan on a `name` column, for a statement that is prepared once per shape. Each side has at most
 * one bound: of two, SQLite might use the wider one for its index and would read all rows between them.
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

/** The bound that admits the fewest names, in UTF-8 order, which SQLite uses. */
function tightest(bounds: readonly Bound[], direction: 1 | -1): Bound | undefined {
  return bounds.toSorted((a, b) => {
    const order = Buffer.compare(Buffer.from(a.text), Buffer.from(b.text)) * direction
    return order === 0 ? Number(a.inclusive) - Number(b.inclusive) : -order
  })[0]
}

/**
 * The smallest text above every text that begins with `prefix`; surrogates are not characters and are skipped.
 * Undefined when there is none.
 */
export function afterAll(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0)
  while (points.at(-1) === 0x10ffff) points.pop()
  const last = points.pop()
  if (last === undefined) return undefined
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1)
}
