import type { Condition } from './conditions.js'
import type { ImageSearch } from './image-search.js'
import { emptyValue, isOrdered } from './sort-order.js'
import { equalTo, rangeOf, type Bound, type Source } from './sources.js'

/** One way to find the images of a search: to read some sources, and to check what they leave open. */
export interface Plan {
  readonly sources: readonly Source[]
  /** What the sources do not guarantee. */
  readonly checks: readonly Condition[]
  /** Whether each source is in the list's order, so that reading stops when the page is full. */
  readonly isOrdered: boolean
}

export interface Plans {
  /** Those that read images in the list's order. There is none for an order that no index is in. */
  readonly ordered: readonly Plan[]
  /** Those that read the images that meet one of the conditions, in another order. */
  readonly others: readonly Plan[]
}

export function plansFor(search: ImageSearch): Plans {
  const { conditions, sort, hidden, within } = search
  const byColumn = boundsByColumn(conditions)
  const created = byColumn.get('created_at') ?? []
  const plan = (wanted: readonly Source[], met: ReadonlySet<Condition>): Plan => {
    // Sources in order of creation are limited to the times that are wanted.
    const isLimited = wanted.every(({ columns, bounds }) => columns[0]?.key === 'created_at' && bounds.length === 0)
    const limits = isLimited ? [...created.map(({ bound }) => bound), ...within] : []
    const isMet = (each: Condition) =>
      met.has(each) || (isLimited && created.some(({ condition }) => condition === each))
    const sources = limits.length === 0 ? wanted : wanted.map((source) => ({ ...source, bounds: limits }))
    // What leaves out most images is checked first.
    const checks = conditions.filter((each) => !isMet(each))
    return {
      sources,
      checks: checks.toSorted((a, b) => Number(b.isNarrow ?? false) - Number(a.isNarrow ?? false)),
      isOrdered: sources.every((source) => isOrdered(source, sort)),
    }
  }
  const first = sort[0]?.key ?? 'id'
  const ordered: Plan[] = []
  const others: Plan[] = []
  let isEveryNeeded = true
  for (const condition of conditions) {
    const sources = condition.sources?.(hidden)
    if (sources === undefined) continue
    const found = plan(sources, new Set([condition]))
    if (!found.isOrdered) others.push(found)
    else if (condition.isNarrow === true) ordered.unshift(found)
    else ordered.push(found)
    // A part of the images is read in order at least as fast as all of them are.
    if (found.isOrdered && condition.isNarrow !== false) isEveryNeeded = false
  }
  for (const [column, bounds] of byColumn) {
    const wanted = bounds.map(({ bound }) => bound)
    const source = rangeOf(column, wanted, hidden)
    if (source === undefined || column === 'created_at') continue
    const ranged = plan([source], new Set(bounds.map(({ condition }) => condition)))
    if (!ranged.isOrdered) others.push(ranged)
    else ordered.push(ranged)
    if (ranged.isOrdered) isEveryNeeded = false
  }
  const every = plan(everyImage(first, search), new Set())
  if (every.isOrdered && isEveryNeeded) ordered.unshift(every)
  if (first !== 'created_at' && created.length + within.length > 0) {
    others.push(plan(everyImage('created_at', search), new Set()))
  }
  return { ordered, others }
}

/** All images in the order of a sort key: those without a value sort like the empty value, but are apart in the index. */
function everyImage(key: string, { hidden }: ImageSearch): Source[] {
  const empty = emptyValue(key)
  const bounds: Bound[] = empty === undefined ? [] : [{ operator: '>=', value: empty }]
  const missing = empty === undefined ? undefined : equalTo(key, null, hidden)
  return [rangeOf(key, bounds, hidden), missing && { ...missing, fixed: { key, value: empty ?? null } }].flatMap(
    (source) => source ?? [],
  )
}

interface Bounded {
  readonly condition: Condition
  readonly bound: Bound
}

function boundsByColumn(conditions: readonly Condition[]): ReadonlyMap<string, readonly Bounded[]> {
  const byColumn = new Map<string, Bounded[]>()
  for (const condition of conditions) {
    const { bound } = condition
    if (bound === undefined) continue
    const known = byColumn.get(bound.column)
    if (known === undefined) byColumn.set(bound.column, [{ condition, bound }])
    else known.push({ condition, bound })
  }
  return byColumn
}
