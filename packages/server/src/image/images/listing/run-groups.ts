import type { Condition } from './conditions.js'
import type { ImageSearch } from './image-search.js'
import { startPlan, type RunningPlan } from './run-plan.js'
import { compareValues, emptyValue, sortable, sortValue } from './sort-order.js'
import { equalTo, rangeOf, type Bound, type Value } from './sources.js'
import { valueAt, type MatchRow, type Statements } from './walk.js'

/** Up to this number of images with neighbouring values are sorted at once. */
const together = 512

/**
 * Finds a page in an order that no index is in: the images are taken in groups that have the same value of the first
 * sort key, or values next to each other if few images have them, and a group is looked for like a list of its own that
 * is sorted by the other keys. No more groups are looked for than the page needs.
 */
export function startGroups(
  statements: Statements,
  search: ImageSearch,
  start: (group: ImageSearch) => RunningPlan,
): RunningPlan {
  const page = new Map<string, MatchRow>()
  const next = groupsOf(statements, search)
  let cost = 0
  let inner: RunningPlan | undefined
  return {
    get cost() {
      return cost + (inner?.cost ?? 0)
    },
    step() {
      if (inner === undefined) {
        const group = next(search.limit - page.size)
        if (group === undefined) return [...page.values()]
        inner = 'plan' in group ? startPlan(statements, group.plan, group.search) : start(group.search)
      }
      const rows = inner.step()
      if (rows === undefined) return undefined
      // An image that was changed between two steps may have moved from one group to another.
      for (const row of rows) if (!page.has(row[0])) page.set(row[0], row)
      cost += inner.cost + 1
      inner = undefined
      return page.size >= search.limit ? [...page.values()].slice(0, search.limit) : undefined
    },
  }
}

interface Group {
  readonly search: ImageSearch
}
interface ReadGroup extends Group {
  readonly plan: Parameters<typeof startPlan>[1]
}

/** @returns what finds the next group, of which no more images are needed than it is called with */
function groupsOf(statements: Statements, search: ImageSearch): (limit: number) => Group | ReadGroup | undefined {
  const { conditions, sort, marker, hidden } = search
  const [first, ...others] = sort
  if (first === undefined) return () => undefined
  const { key, direction } = first
  const sign = direction === 'asc' ? 1 : -1
  const ofValue = (value: Value, limit: number): Group => ({
    search: {
      ...search,
      limit,
      conditions: [...conditions, havingValue(key, value)],
      sort: others,
      marker: marker !== undefined && compareValues(sortValue(marker, key), value) === 0 ? marker : undefined,
    },
  })

  const values = conditions.find(({ column, oneOf }) => column === key && oneOf !== undefined)?.oneOf
  if (values !== undefined) {
    const begin = marker === undefined ? undefined : sortValue(marker, key)
    const wanted = values
      .filter((value) => begin === undefined || sign * compareValues(value, begin) >= 0)
      .toSorted((a, b) => sign * compareValues(b, a))
    return (limit) => {
      const value = wanted.pop()
      return value === undefined ? undefined : ofValue(value, limit)
    }
  }

  const empty = emptyValue(key)
  const given = conditions.flatMap(({ bound }) => (bound?.column === key ? [bound] : []))
  const nonEmpty: Bound[] = empty === undefined ? [] : [{ operator: '>', value: empty }]
  const [onward, back] = direction === 'asc' ? (['>', '<'] as const) : (['<', '>'] as const)
  let place: Bound | 'start' | 'end' = 'start'
  const pastValue = (value: Value): Bound => ({ operator: onward, value })
  const isEmptyLeft = () => empty !== undefined && (direction === 'asc' ? place === 'start' : place !== 'end')
  const takeEmpty = (limit: number): Group => {
    place = direction === 'asc' ? pastValue(empty ?? null) : 'end'
    return ofValue(empty ?? null, limit)
  }

  return (limit) => {
    if (place === 'end') return undefined
    if (place === 'start' && marker !== undefined) {
      const value = sortValue(marker, key)
      if (value === empty) return takeEmpty(limit)
      place = pastValue(value)
      return ofValue(value, limit)
    }
    if (direction === 'asc' && isEmptyLeft()) return takeEmpty(limit)
    const bounds: Bound[] = [...nonEmpty, ...given, ...(place === 'start' ? [] : [place])]
    const range = rangeOf(key, bounds, hidden)
    const value = range && valueAt(statements, range, direction, 0)
    if (range === undefined || value === undefined) {
      if (isEmptyLeft()) return takeEmpty(limit)
      place = 'end'
      return undefined
    }
    const after = valueAt(statements, range, direction, together)
    if (after === value) {
      place = pastValue(value)
      return ofValue(value, limit)
    }
    const last: Bound[] = after === undefined ? [] : [{ operator: back, value: after }]
    if (after !== undefined) place = { operator: direction === 'asc' ? '>=' : '<=', value: after }
    else if (direction === 'desc' && empty !== undefined) place = { operator: '<=', value: empty }
    else place = 'end'
    const source = rangeOf(key, [...bounds, ...last], hidden)
    const checks = conditions.filter(({ bound }) => bound?.column !== key)
    return {
      search: { ...search, limit, marker: undefined },
      plan: {
        sources: source === undefined ? [] : [source],
        checks,
        isOrdered: false,
      },
    }
  }
}

/** The condition that an image is sorted by this value. */
function havingValue(key: string, value: Value): Condition {
  const condition = { sql: `${sortable(key)} = ?`, values: [value] }
  if (key === 'created_at') return { ...condition, bound: { column: key, operator: '=', value } }
  return {
    ...condition,
    column: key,
    sources: (hidden) =>
      (value === emptyValue(key) ? [null, value] : [value]).flatMap((each) => equalTo(key, each, hidden) ?? []),
  }
}
