import type { ConditionSets } from './condition-sets.js'
import { setCondition, type Condition } from './conditions.js'
import { countOf, intersection } from './image-set.js'
import type { ImageSearch } from './image-search.js'
import type { RunningPlan } from './run-plan.js'
import type { Hidden } from './sources.js'
import type { Statements } from './walk.js'

/** What reading a row for a set costs: less than it does, since the set is kept for other searches. */
const setRowCost = 1 / 64
/** The rows that are read for sets in one step. */
const stepRows = 1024
/** The most sources of a condition of which a set is made. */
const fewSources = 64

/** A search, and how many of all images are in the set that it is limited to. */
interface Narrowed {
  readonly search: ImageSearch
  readonly counted?: { readonly count: number; readonly among: number }
}

/** The search with one set in place of all conditions whose sets are in memory. */
export function narrow(statements: Statements, sets: ConditionSets, search: ImageSearch): Narrowed {
  const { hidden } = search
  const known = search.conditions.map((each) => each.set ?? sets.find(each, hidden))
  const found = known.flatMap((set) => set ?? [])
  if (found.length === 0) return { search }
  const set = intersection(found)
  const count = countOf(set)
  const [late] = statements(`SELECT 1 FROM images INDEXED BY images_late WHERE deleted = 0 AND late = 1 LIMIT 1`).all()
  const [newest] = statements('SELECT max(number) FROM images LIMIT 1').all() as unknown as [number][]
  const others = search.conditions.filter((_, at) => known[at] === undefined)
  return {
    search: { ...search, conditions: [setCondition({ set, count }, late === undefined), ...others] },
    counted: { count, among: newest?.[0] ?? 0 },
  }
}

/** Reads the sets of conditions that have none in memory, and goes on with the first one that it has. */
export function startSets(
  sets: ConditionSets,
  search: ImageSearch,
  start: (search: ImageSearch) => RunningPlan,
): RunningPlan {
  const { hidden } = search
  const isMissing = (each: Condition) => isReadable(each, hidden) && !sets.isBroad(each, hidden)
  let missing = search.conditions.filter(isMissing)
  let cost = 0
  let at = 0
  let inner: RunningPlan | undefined
  return {
    get cost() {
      return cost + (inner?.cost ?? 0)
    },
    get isIdle() {
      return missing.length === 0
    },
    step() {
      if (inner !== undefined) return inner.step()
      const condition = missing[at % missing.length]
      at += 1
      cost += stepRows * setRowCost
      if (condition !== undefined && sets.read(condition, hidden, stepRows)) inner = start(search)
      else missing = missing.filter(isMissing)
      return undefined
    },
  }
}

function isReadable({ set, sources, isNarrow }: Condition, hidden: Hidden): boolean {
  if (set !== undefined || isNarrow === false) return false
  const found = sources?.(hidden)
  return found !== undefined && found.length <= fewSources
}
