import type { Condition } from './conditions.js'
import type { SortStep } from './list-query.js'
import type { ImageSearch } from './image-search.js'
import type { Plan } from './plans.js'
import type { RowStatement } from '../recent-statements.js'
import { compareValues, isOrdered, pastMarker, sortable, sortValue } from './sort-order.js'
import { hasNumber } from './image-set.js'
import type { Fragment, Source, Value } from './sources.js'

/** The id of a matching image, when it last changed, and what it is sorted by. */
export type MatchRow = readonly [id: string, updatedAt: number, ...sorted: Value[]]

/** Reads one source from the marker on, a limited number of rows at a time. */
export interface Walk {
  /** Visits at most that number of rows. @returns those that match, in the source's order */
  read(rows: number): MatchRow[]
  /** Whether every row was visited. */
  readonly isAtEnd: boolean
  /** What visiting a row costs: finding the image of a row of an index takes a few times as long as reading the row. */
  readonly rowCost: number
  /** The index columns of the row that was visited last. */
  readonly last: readonly Value[] | undefined
}

/** What finding an image costs, if reading a row of an index costs 1. */
const imageCost = 4
/** The same, if it is found by its number, and the rows are only checked for being in a set. */
export const numberCost = 5

/** What reading a row costs, if these conditions are checked. What can be checked in an index leaves few images to find, and a set fewer still. */
export function rowCostOf(checks: readonly Condition[]): number {
  if (checks.length === 0 || checks.some(({ set }) => set !== undefined)) return 1
  return checks.some(({ inIndex }) => inIndex !== undefined) ? imageCost / 2 : imageCost
}

/** Prepares a statement, or finds it prepared. */
export type Statements = (sql: string) => RowStatement

export function openWalk(statements: Statements, source: Source, plan: Plan, search: ImageSearch): Walk {
  const { sort, marker, limit } = search
  const direction = sort.find(({ key }) => key === source.columns[0]?.key)?.direction ?? sort[0]?.direction ?? 'asc'
  const start = marker === undefined ? everything : startAfter(source, sort, search)
  if (start === 'nothing') return { read: () => [], isAtEnd: true, rowCost: 1, last: undefined }
  const labels: Fragment[] = []
  const ofImages: Fragment[] = []
  for (const check of plan.checks) {
    const label = check.inIndex?.(source.row, search.hidden)
    if (label === undefined) ofImages.push(check)
    else labels.push(label)
  }
  const checks = [...ofImages, ...(start.isExact || marker === undefined ? [] : [pastMarker(sort, marker)])]
  const columns = source.columns.map(({ sql }) => sql)
  const order = `ORDER BY ${columns.map((sql) => `${sql} ${direction}`).join(', ')}`
  const sorted = sort.map(({ key }, at) => `${sortable(key)} AS k${at}`).join(', ')
  const isPlain = checks.length === 0 && labels.length === 0
  const [labelled, matches] = [labels, checks].map((each) => each.map(({ sql }) => ` AND ${sql}`).join(''))
  const [labelValues = [], checkValues = []] = [labels, checks].map((each) => each.flatMap(({ values }) => values))
  const from = `FROM ${source.from} WHERE ${source.where.sql}`
  const set = labels.length === 1 ? plan.checks.find((check) => check.set !== undefined)?.set : undefined

  let last: readonly Value[] | undefined
  let isAtEnd = false
  const rangeFrom = () => {
    const parts = last === undefined ? start.fragment : after(columns, direction, last)
    const bounds = boundsOf(source, direction, last !== undefined || start.isCursor)
    const both = [bounds, parts].filter(({ sql }) => sql !== '')
    return {
      sql: both.map(({ sql }) => ` AND ${sql}`).join(''),
      values: [...source.where.values, ...both.flatMap(({ values }) => values)],
    }
  }
  const numbersOf = (range: Fragment, most: number) => {
    const rows = `SELECT ${source.row.number} AS number ${from}${range.sql} ${order} LIMIT ?`
    const [joined] = statements(`SELECT group_concat(number) FROM (${rows})`).all(...range.values, most)
    const [text] = joined as unknown as [string | null]
    return (text?.split(',') ?? []).map(Number)
  }
  /** The columns of the last row of a step that visits `visited` rows; undefined if the range has fewer. */
  const lastOf = (range: Fragment, visited: number, numbers?: readonly number[]) => {
    if (numbers === undefined || source.row.number !== 'i.number') {
      const row = `SELECT ${columns.join(', ')} ${from}${range.sql} ${order} LIMIT 1 OFFSET ?`
      return statements(row).all(...range.values, visited - 1)[0]
    }
    const end = numbers[visited - 1]
    if (end === undefined) return undefined
    return statements(`SELECT ${columns.join(', ')} FROM images i WHERE i.number = ? LIMIT 1`).all(end)[0]
  }
  return {
    rowCost: rowCostOf(plan.checks),
    get isAtEnd() {
      return isAtEnd
    },
    get last() {
      return last
    },
    read(rows) {
      const range = rangeFrom()
      // In order, no more than a page can be needed of any source.
      const most = plan.isOrdered ? Math.min(rows, limit) : rows
      const visited = isPlain ? most : rows
      // To look here whether images are in a set takes a third of the time that SQLite takes.
      const numbers = set && numbersOf(range, visited)
      const inSet = set && numbers?.filter((number) => hasNumber(set, number))
      // The rows of the index that have every label are found before images are read.
      const rowsOf = inSet
        ? '(SELECT value AS visited, 1 AS ok FROM json_each(?))'
        : `(SELECT ${source.row.number} AS visited, CASE WHEN 1${labelled} THEN 1 END AS ok ${from}${range.sql} ${order} LIMIT ?)`
      const sql = `SELECT i.id, i.updated_at, ${sorted} FROM ${rowsOf}
        CROSS JOIN images i ON i.number = visited WHERE ok${matches} LIMIT ?`
      const placed = inSet ? [JSON.stringify(inSet)] : [...labelValues, ...range.values, visited]
      const found = statements(sql).all(...placed, ...checkValues, most) as unknown as MatchRow[]
      if (plan.isOrdered && found.length >= limit) {
        isAtEnd = true
        return found
      }
      last = lastOf(range, visited, numbers) as typeof last
      isAtEnd = last === undefined
      return found
    },
  }
}

/** The number of a source's rows, but no more than `most`. */
export function countRows(statements: Statements, source: Source, most: number): number {
  if (source.set !== undefined) return Math.min(source.set.count, most)
  const { sql, values } = wholeRange(source)
  const [row] = statements(`SELECT count(*) FROM (SELECT 1 ${sql} LIMIT ?)`).all(...values, most) as unknown as [
    number,
  ][]
  return row?.[0] ?? 0
}

/** The first column's value in the source's first row and its last one; undefined if it has none. */
export function edgesOf(statements: Statements, source: Source): readonly number[] | undefined {
  const edges = (['asc', 'desc'] as const).map((direction) => valueAt(statements, source, direction, 0))
  return edges.some((edge) => typeof edge !== 'number') ? undefined : (edges as number[])
}

/** The first column's value in the row that this number of rows are before. */
export function valueAt(
  statements: Statements,
  source: Source,
  direction: 'asc' | 'desc',
  before: number,
): Value | undefined {
  const { sql, values } = wholeRange(source)
  const [first = ''] = source.columns.map((column) => column.sql)
  const order = source.columns.map((column) => `${column.sql} ${direction}`).join(', ')
  const statement = statements(`SELECT ${first} ${sql} ORDER BY ${order} LIMIT 1 OFFSET ?`)
  const [row] = statement.all(...values, before) as unknown as [Value][]
  return row?.[0]
}

function wholeRange(source: Source): Fragment {
  const bounds = boundsOf(source, 'asc', false)
  const where = [source.where, bounds].map(({ sql }) => sql).filter((sql) => sql !== '')
  return {
    sql: `FROM ${source.from} WHERE ${where.join(' AND ')}`,
    values: [...source.where.values, ...bounds.values],
  }
}

interface Start {
  readonly fragment: Fragment
  /** Whether every row from there on is past the marker. */
  readonly isExact: boolean
  /** Whether the fragment says where the first column begins. */
  readonly isCursor: boolean
}
const everything: Start = {
  fragment: { sql: '', values: [] },
  isExact: true,
  isCursor: false,
}

/** Where a source goes on after the marker. */
function startAfter(source: Source, sort: readonly SortStep[], { marker }: ImageSearch): Start | 'nothing' {
  if (marker === undefined) return everything
  let steps = sort
  const { fixed } = source
  const fixedAt = sort.findIndex(({ key }) => key === fixed?.key)
  if (fixed !== undefined && fixedAt === 0 && sort[0] !== undefined) {
    const wanted = sortValue(marker, sort[0].key)
    if (typeof wanted !== typeof fixed.value) return { ...everything, isExact: false }
    const order = compareValues(fixed.value, wanted) * (sort[0].direction === 'asc' ? 1 : -1)
    if (order > 0) return everything
    if (order < 0) return 'nothing'
    steps = sort.slice(1)
  }
  const first = steps[0]
  if (first === undefined) return 'nothing'
  const columns = source.columns.map(({ sql }) => sql)
  // Before the first row of the range: all of them follow.
  if (source.columns[0]?.key === first.key && isBefore(source, first, sortValue(marker, first.key))) return everything
  if (isOrdered(source, sort) && fixedAt <= 0) {
    const values = steps.map(({ key }) => sortValue(marker, key))
    return {
      fragment: after(columns, first.direction, values),
      isExact: true,
      isCursor: true,
    }
  }
  if (source.columns[0]?.key !== first.key) return { ...everything, isExact: false }
  const sql = `${source.columns[0].sql} ${first.direction === 'asc' ? '>=' : '<='} ?`
  return {
    fragment: { sql, values: [sortValue(marker, first.key)] },
    isExact: false,
    isCursor: true,
  }
}

export function after(columns: readonly string[], direction: 'asc' | 'desc', values: readonly Value[]): Fragment {
  const sign = direction === 'asc' ? '>' : '<'
  const [only, ...more] = columns
  if (only !== undefined && more.length === 0) return { sql: `${only} ${sign} ?`, values }
  return {
    sql: `(${columns.join(', ')}) ${sign} (${columns.map(() => '?').join(', ')})`,
    values,
  }
}

/** Whether a value of the first column is outside of the range, on the side where reading begins. */
function isBefore({ bounds }: Source, { direction }: SortStep, value: Value): boolean {
  return bounds.some(({ operator, value: bound }) => {
    const order = compareValues(value, bound)
    if (operator === '=') return direction === 'asc' ? order < 0 : order > 0
    if (operator === '>' || operator === '>=') return direction === 'asc' && (operator === '>' ? order <= 0 : order < 0)
    return direction === 'desc' && (operator === '<' ? order >= 0 : order > 0)
  })
}

/** The bounds of the first column, but for the one that the place to go on from implies. */
function boundsOf(source: Source, direction: 'asc' | 'desc', begins: boolean): Fragment {
  const implied = direction === 'asc' ? ['>', '>='] : ['<', '<=']
  const bounds = source.bounds.filter(({ operator }) => !begins || !implied.includes(operator))
  return {
    sql: bounds.map(({ operator }) => `${source.columns[0]?.sql ?? ''} ${operator} ?`).join(' AND '),
    values: bounds.map(({ value }) => value),
  }
}
