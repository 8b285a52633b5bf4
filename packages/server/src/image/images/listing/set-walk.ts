import { emptySet, numbersBetween } from './image-set.js'
import type { ImageSearch } from './image-search.js'
import type { Plan } from './plans.js'
import { pastMarker, sortable, sortValue } from './sort-order.js'
import type { Source, Value } from './sources.js'
import { numberCost, type MatchRow, type Statements, type Walk } from './walk.js'

/** Reads the images of a set by their numbers. */
export function openSetWalk(statements: Statements, source: Source, plan: Plan, search: ImageSearch): Walk {
  const set = source.set?.set ?? emptySet(0)
  const { sort, marker, limit } = search
  const isInOrder = source.columns.length > 0
  const direction = (isInOrder && sort.find(({ key }) => key === 'created_at')?.direction) || 'asc'
  const follows = isInOrder && sort[0]?.key === 'created_at' && marker !== undefined
  const place = follows ? [sortValue(marker, 'created_at'), sortValue(marker, 'id')] : undefined
  let [from, to] = numbersWithin(statements, source, direction, plan.isOrdered ? place : undefined)
  const checks = [
    ...plan.checks,
    ...(marker === undefined || (follows && plan.isOrdered) ? [] : [pastMarker(sort, marker)]),
  ]
  const sorted = sort.map(({ key }, at) => `${sortable(key)} AS k${at}`).join(', ')
  // In any other order, the first of those that are read at once are all that a page can need of them.
  const order = `ORDER BY ${sort.map((step, at) => `k${at} ${step.direction}`).join(', ')}`
  const sql = `SELECT i.id, i.updated_at, ${sorted} FROM json_each(?) CROSS JOIN images i ON i.number = json_each.value
    WHERE ${[source.where, ...checks].map((each) => each.sql).join(' AND ')}${plan.isOrdered ? '' : ` ${order}`} LIMIT ?`
  const values = [source.where, ...checks].flatMap((each) => each.values)

  let last: readonly Value[] | undefined
  let isAtEnd = false
  return {
    rowCost: numberCost,
    get isAtEnd() {
      return isAtEnd
    },
    get last() {
      return last
    },
    read(rows) {
      const most = Math.min(rows, limit)
      const wanted = checks.length === 0 && plan.isOrdered ? most : rows
      const numbers = numbersBetween(set, from, to, direction, wanted)
      const end = numbers.at(-1)
      isAtEnd = numbers.length < wanted
      if (end === undefined) return []
      const found = statements(sql).all(JSON.stringify(numbers), ...values, most) as unknown as MatchRow[]
      if (direction === 'asc') from = end + 1
      else to = end
      if (plan.isOrdered && found.length >= limit) isAtEnd = true
      if (isInOrder && !isAtEnd) {
        last = statements('SELECT created_at, id FROM images WHERE number = ? LIMIT 1').all(
          end,
        )[0] as unknown as Value[]
      }
      return found
    },
  }
}

/** The range of the numbers that a source is limited to, and that follow the marker's place. */
function numbersWithin(
  statements: Statements,
  { bounds, where }: Source,
  direction: 'asc' | 'desc',
  marker: readonly Value[] | undefined,
): [from: number, to: number] {
  let [from, to] = [0, Infinity]
  const firstAfter = (condition: string, values: readonly Value[]) => {
    const first = statements(`SELECT i.number FROM images i INDEXED BY images_by_created_at
      WHERE ${where.sql} AND i.late = 0 AND ${condition} ORDER BY i.created_at, i.id LIMIT 1`)
    return (first.all(...where.values, ...values)[0] as unknown as [number] | undefined)?.[0] ?? Infinity
  }
  for (const { operator, value } of bounds) {
    if (operator === '>' || operator === '>=') from = Math.max(from, firstAfter(`i.created_at ${operator} ?`, [value]))
    if (operator === '=') from = Math.max(from, firstAfter('i.created_at >= ?', [value]))
    if (operator === '<') to = Math.min(to, firstAfter('i.created_at >= ?', [value]))
    if (operator === '<=' || operator === '=') to = Math.min(to, firstAfter('i.created_at > ?', [value]))
  }
  if (marker !== undefined) {
    const after = firstAfter(`(i.created_at, i.id) ${direction === 'asc' ? '>' : '>='} (?, ?)`, marker)
    if (direction === 'asc') from = Math.max(from, after)
    else to = Math.min(to, after)
  }
  return [from, to]
}
