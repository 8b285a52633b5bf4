import { takeTurn } from '../../../http/turns.js'
import type { ImageSearch } from './image-search.js'
import { plansFor, type Plan } from './plans.js'
import { startPlan } from './run-plan.js'
import { countRows, type MatchRow, type Statements } from './walk.js'

/** The rows of a page, and whether other requests may have run while they were looked for. */
interface FoundPage {
  readonly rows: readonly MatchRow[]
  readonly gaveTurns: boolean
}

/** Up to this number of images, reading all that meet a condition is cheap. */
const few = 1000
/** How many conditions are counted in search of one that few images meet. */
const mostCounted = 16
/** How many plans, next to the list's order, are tried when there is none. */
const mostRivals = 2

/**
 * Finds a page. It begins to read in the list's order. If that does not fill the page at once, it looks for a condition
 * that few images meet, and reads those. If there is none, reading in order and reading by a condition take steps in
 * turns until one of them is done: that takes a small multiple of the fastest of them, however the images that match
 * are spread among the others. Steps are short, and let other requests run in between.
 */
export async function findPage(statements: Statements, search: ImageSearch): Promise<FoundPage> {
  if (search.limit === 0) return { rows: [], gaveTurns: false }
  const { inOrder, others } = plansFor(search)
  let plans = [startPlan(statements, inOrder, search)]
  for (const _source of inOrder.sources.slice(0, mostCounted)) {
    const rows = plans[0]?.step()
    if (rows !== undefined) return { rows, gaveTurns: false }
  }
  const { only, rivals } = choose(statements, others)
  if (only === undefined) plans.push(...rivals.map((plan) => startPlan(statements, plan, search)))
  else plans = [startPlan(statements, only, search)]
  for (let gaveTurns = false; ; gaveTurns = true) {
    if (gaveTurns) await takeTurn()
    const next = plans.reduce((least, each) => (each.visited < least.visited ? each : least))
    const rows = next.step()
    if (rows !== undefined) return { rows, gaveTurns }
  }
}

/** The plan that reads the fewest images if these are few, otherwise the ones to try. */
function choose(statements: Statements, plans: readonly Plan[]): { only?: Plan; rivals: readonly Plan[] } {
  let only: Plan | undefined
  let fewest = few
  const counted = plans.slice(0, mostCounted)
  for (const plan of counted) {
    let count = 0
    for (const source of plan.sources) {
      if (count >= fewest) break
      count += countRows(statements, source, fewest - count)
    }
    if (count < fewest) [only, fewest] = [plan, count]
  }
  if (only !== undefined) return { only, rivals: [] }
  // Those in the list's order can stop at a full page.
  const rivals = counted.toSorted((a, b) => Number(b.isOrdered) - Number(a.isOrdered))
  return { rivals: rivals.slice(0, mostRivals) }
}
