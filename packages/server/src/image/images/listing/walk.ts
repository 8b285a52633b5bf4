import type { SortStep } from './list-query.js'
import type { ImageSearch } from './image-search.js'
import type { Plan } from './plans.js'
import type { RowStatement } from '../recent-statements.js'
import { compareValues, isOrdered, pastMarker, sortable, sortValue } from './sort-order.js'
import type { Fragment, Source, Value } from './sources.js'

/** The id of a matching image, when it last changed, and what it is sorted by. */
export type MatchRow = readonly [id: string, updatedAt: number, ...sorted: Value[]]

/** Reads one source from the marker on, a limited number of rows at a time. */
export interface Walk {
  /** Visits at most that number of rows. @returns those that match, in the source's order */
  read(rows: number): MatchRow[]
  /** Whether every row was visited. */
  readonly isAtEnd: boolean
  /** The index columns of the row that was visited last. */
  readonly last: readonly Value[] | undefined
}

/** Prepares a statement, or finds it prepared. */
export type Statements = (sql: string) => RowStatement

export function openWalk(statements: Statements, source: Source, plan: Plan, search: ImageSearch): Walk {
  const { sort, marker, limit } = search
  const direction = sort.find(({ key }) => key === source.columns[0]?.key)?.direction ?? sort[0]?.direction ?? 'asc'
  const start = marker === undefined ? everything : startAfter(source, sort, search)
  if (start === 'nothing') return { read: () => [], isAtEnd: true, last: undefined }
  const checks = [
    ...(source.check === undefined ? [] : [source.check]),
    ...plan.checks.filter(({ inIndex }) => inIndex === undefined),
    ...(start.isExact || marker === undefined ? [] : [pastMarker(sort, marker)]),
  ]
  const columns = source.columns.map(({ sql }) => sql)
  const order = `ORDER BY ${columns.map((sql) => `${sql} ${direction}`).join(', ')}`
  const sorted = sort.map(({ key }, at) => `${sortable(key)} AS k${at}`).join(', ')
  const labels = plan.checks.flatMap(({ inIndex }) => inIndex?.(source.row, search.hidden) ?? [])
  const isPlain = checks.length === 0 && labels.length === 0
  const [labelled, matches] = [labels, checks].map((each) => each.map(({ sql }) => ` AND ${sql}`).join(''))
  const [labelValues = [], checkValues = []] = [labels, checks].map((each) => each.flatMap(({ values }) => values))
  const from = `FROM ${source.from} WHERE ${source.where.sql}`

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
  return {
    get isAtEnd() {
      return isAtEnd
    },
    get last() {
      return last
    },
    read(rows) {
      const range = rangeFrom()
      // The rows of the index that have every label are found before images are read.
      const sql = `SELECT i.id, i.updated_at, ${sorted} FROM
        (SELECT ${source.row.id} AS visited, CASE WHEN 1${labelled} THEN 1 END AS ok ${from}${range.sql} ${order} LIMIT ?)
        CROSS JOIN images i ON i.id = visited WHERE ok${matches} LIMIT ?`
      // In order, no more than a page can be needed of any source.
      const most = plan.isOrdered ? Math.min(rows, limit) : rows
      const visited = isPlain ? most : rows
      const values = [...labelValues, ...range.values, visited, ...checkValues, most]
      const found = statements(sql).all(...values) as unknown as MatchRow[]
      if (plan.isOrdered && found.length >= limit) {
        isAtEnd = true
        return found
      }
      const stop = statements(`SELECT ${columns.join(', ')} ${from}${range.sql} ${order} LIMIT 1 OFFSET ?`)
      last = stop.all(...range.values, visited - 1)[0]
      isAtEnd = last === undefined
      return found
    },
  }
}

/** The number of a source's rows, but no more than `most`. */
export function countRows(statements: Statements, source: Source, most: number): number {
  const bounds = boundsOf(source, 'asc', false)
  const where = [source.where, bounds].map(({ sql }) => sql).filter((sql) => sql !== '')
  const sql = `SELECT count(*) FROM (SELECT 1 FROM ${source.from} WHERE ${where.join(' AND ')} LIMIT ?)`
  const [row] = statements(sql).all(...source.where.values, ...bounds.values, most) as unknown as [number][]
  return row?.[0] ?? 0
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

function after(columns: readonly string[], direction: 'asc' | 'desc', values: readonly Value[]): Fragment {
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
