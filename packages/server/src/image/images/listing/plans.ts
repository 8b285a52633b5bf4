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

/** The plan that reads images in the list's order, and those that read the images that meet one of the conditions. */
export function plansFor(search: ImageSearch): {
  readonly inOrder: Plan
  readonly others: readonly Plan[]
} {
  const { conditions, sort, hidden } = search
  const byColumn = boundsByColumn(conditions)
  const created = byColumn.get('created_at') ?? []
  const plan = (wanted: readonly Source[], met: ReadonlySet<Condition>): Plan => {
    // Sources in order of creation are limited to the times that are wanted.
    const isLimited = wanted.every(({ columns, bounds }) => columns[0]?.key === 'created_at' && bounds.length === 0)
    const limits = isLimited ? created : []
    const sources =
      limits.length === 0
        ? wanted
        : wanted.map((source) => ({
            ...source,
            bounds: limits.map(({ bound }) => bound),
          }))
    const isMet = (each: Condition) => met.has(each) || limits.some(({ condition }) => condition === each)
    return {
      sources,
      checks: conditions.filter((each) => !isMet(each)),
      isOrdered: sources.every((source) => isOrdered(source, sort)),
    }
  }
  const first = sort[0]?.key ?? 'id'
  let inOrder: Plan | undefined
  let narrow: Plan | undefined
  const others: Plan[] = []
  for (const condition of conditions) {
    const sources = condition.sources?.(hidden)
    if (sources === undefined) continue
    const found = plan(sources, new Set([condition]))
    if (condition.isNarrow === true && found.isOrdered) narrow = found
    else if (condition.column === first) inOrder ??= found
    else others.push(found)
  }
  for (const [column, bounds] of byColumn) {
    const source = rangeOf(
      column,
      bounds.map(({ bound }) => bound),
      hidden,
    )
    if (source === undefined) continue
    const ranged = plan([source], new Set(bounds.map(({ condition }) => condition)))
    if (column === first) inOrder ??= ranged
    else others.push(ranged)
  }
  inOrder ??= plan(everyImage(first, search), new Set())
  return { inOrder: narrow ?? inOrder, others }
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
