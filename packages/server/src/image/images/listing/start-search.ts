import type { ImageSearch } from './image-search.js'
import { plansFor, type Plan, type Plans } from './plans.js'
import { startGroups } from './run-groups.js'
import { startPlan, type RunningPlan } from './run-plan.js'
import { narrow, startSets } from './set-plans.js'
import type { ConditionSets } from './condition-sets.js'
import type { Bound, Source } from './sources.js'
import { countRows, edgesOf, numberCost, rowCostOf, type Statements } from './walk.js'

/** Up to this number of images, reading all that meet a condition is cheap. */
const few = 256
/** More images than this are not counted. */
const mostCounted = 16_384
/** How many plans are counted, and how many while the numbers are small. */
const [fewPlans, manyPlans] = [4, 16]
/** How many plans are tried at the same time. */
const mostRivals = 2
/**
 * What the plan that reads a set in the list's order may cost before others begin, since mostly it is the fastest; and
 * what any may cost before sets are read.
 */
const [othersStart, setsStart] = [1024, 512]

/**
 * Looks for a page by the cheapest plan. If few images meet a condition, these are read. Otherwise the plans that are in
 * the list's order take steps in turns, and are given up once they have visited as many images as meet one of the
 * conditions. That takes a small multiple of the fastest plan, however the images that match are spread among the
 * others.
 */
export function startSearch(statements: Statements, sets: ConditionSets, wanted: ImageSearch): RunningPlan {
  let search = wanted
  let racing: Rival[] | undefined
  let candidates: readonly Plan[] = []
  let before = 0
  let counted = 0
  let fewest: Fewest | undefined
  const spent = () => (racing ?? []).reduce((sum, { plan }) => sum + plan.cost, before)
  const rival = (plan: Plan, startsAt = 0): Rival => ({ plan: startPlan(statements, plan, search), startsAt })
  const readingSets = (): Rival => ({ plan: startSets(sets, search, start), startsAt: setsStart })

  const begin = () => {
    const isEmpty = (source: Source) => countRows(statements, source, 1) === 0
    const conditions = search.conditions.map((each) => each.refine?.(isEmpty, search.hidden) ?? each)
    const narrowed = narrow(statements, sets, { ...search, conditions })
    search = narrowed.search
    const plans = plansFor(search)
    if (narrowed.counted !== undefined) {
      const { count, among } = narrowed.counted
      if (count === 0) return 'none'
      // In the list's order, this number of images are visited until a page is found, if they are spread evenly.
      const visited = (among / count) * search.limit
      const gathering = plans.others.find(isOfSet)
      if (gathering !== undefined && count * numberCost <= visited) return [rival(gathering)]
    }
    if (search.conditions.every(({ isNarrow }) => isNarrow !== undefined) && plans.ordered.length > 0)
      return race(plans)
    fewest = fewestOf(statements, [...plans.ordered, ...plans.others], few)
    if (fewest?.count === 0) return 'none'
    if (fewest !== undefined) return [rival(fewest.plan)]
    const edges = creationEdges(statements, search)
    if (edges === 'none') return 'none'
    if (edges.length > 0) search = { ...search, within: [...search.within, ...edges] }
    return race(edges.length > 0 ? plansFor(search) : plans)
  }
  const race = ({ ordered, others }: Plans) => {
    // What is in a set is counted already.
    const ofSets = others.filter(isOfSet)
    candidates = ofSets.length > 0 ? ofSets : others
    counted = few
    if (ordered.length === 0) return [{ plan: startGroups(statements, search, start), startsAt: 0 }, readingSets()]
    const [best] = ordered
    const rivals = ordered
      .slice(0, mostRivals)
      .map((plan) => rival(plan, plan !== best && best !== undefined && isOfSet(best) ? othersStart : 0))
    return [...rivals, readingSets()]
  }
  const start = (inner: ImageSearch) => startSearch(statements, sets, inner)

  return {
    get cost() {
      return spent()
    },
    step() {
      if (racing === undefined) {
        const begun = begin()
        if (begun === 'none') return []
        racing = begun
      }
      const cost = spent()
      if (cost >= counted && counted < mostCounted && candidates.length > 0) {
        counted = Math.min(4 * cost, mostCounted)
        fewest = fewestOf(statements, candidates, counted)
      }
      if (candidates.length > 0 && fewest !== undefined && cost >= fewest.count * fewest.rowCost) {
        before = cost
        racing = [rival(fewest.plan), readingSets()]
        candidates = []
      } else if (candidates.length > 0 && fewest === undefined && cost >= mostCounted) {
        // Too many meet each condition to count them.
        const single = candidates.filter(({ sources, isOrdered }) => !isOrdered && sources.length === 1)
        racing.push(...single.slice(0, mostRivals).map((plan) => rival(plan)))
        candidates = []
      }
      return nextOf(racing).step()
    },
  }
}

/** A plan that takes its first step once another one has cost this much. */
interface Rival {
  readonly plan: RunningPlan
  readonly startsAt: number
}

function nextOf(rivals: readonly Rival[]): RunningPlan {
  const place = ({ plan, startsAt }: Rival) => (plan.isIdle === true ? Infinity : startsAt + plan.cost)
  return rivals.reduce((least, each) => (place(each) < place(least) ? each : least)).plan
}

function isOfSet({ sources }: Plan): boolean {
  return sources.some(({ set }) => set !== undefined)
}

interface Fewest {
  readonly plan: Plan
  readonly count: number
  readonly rowCost: number
}

/** The plan that reads the fewest images, if these are fewer than `most`. */
function fewestOf(statements: Statements, plans: readonly Plan[], most: number): Fewest | undefined {
  let fewest: Fewest | undefined
  for (const plan of plans.slice(0, most > few ? fewPlans : manyPlans)) {
    const least = fewest?.count ?? most
    let count = 0
    for (const source of plan.sources) {
      if (count >= least) break
      count += countRows(statements, source, least - count)
    }
    const rowCost = isOfSet(plan) ? numberCost : rowCostOf(plan.checks)
    if (count < least) fewest = { plan, count, rowCost }
  }
  return fewest
}

/** The most sources of a condition whose first and last images are looked for. */
const fewSources = 4

/**
 * The times between which all images of the search were created, as far as conditions say that: those with a label may
 * all be old. `none` if a condition is met by no image.
 */
function creationEdges(statements: Statements, search: ImageSearch): readonly Bound[] | 'none' {
  let [earliest, latest] = [-Infinity, Infinity]
  for (const { sources, isNarrow } of search.conditions.slice(0, manyPlans)) {
    const found = isNarrow === undefined ? sources?.(search.hidden) : undefined
    if (found === undefined || found.length > fewSources) continue
    if (!found.every(({ columns }) => columns[0]?.key === 'created_at')) continue
    const edges = found.flatMap((source) => edgesOf(statements, source) ?? [])
    if (edges.length === 0) return 'none'
    earliest = Math.max(earliest, Math.min(...edges))
    latest = Math.min(latest, Math.max(...edges))
  }
  const changed = search.conditions.find(
    ({ bound }) => bound?.column === 'updated_at' && ['<', '<=', '='].includes(bound.operator),
  )?.bound
  // What was last changed before some time was also created before it. Only a clock that was set back makes exceptions,
  // and these have an index of their own.
  if (typeof changed?.value === 'number' && statements(changedEarly).all().length === 0) {
    latest = Math.min(latest, changed.value)
  }
  if (earliest > latest) return 'none'
  return [
    ...(earliest > -Infinity ? [{ operator: '>=', value: earliest } as const] : []),
    ...(latest < Infinity ? [{ operator: '<=', value: latest } as const] : []),
  ]
}

const changedEarly = `SELECT 1 FROM images INDEXED BY images_changed_before_creation
  WHERE deleted = 0 AND updated_at < created_at LIMIT 1`
