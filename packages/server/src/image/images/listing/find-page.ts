import { takeTurn } from '../../../http/turns.js'
import type { Condition } from './conditions.js'
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
export async function findPage(statements: Statements, wanted: ImageSearch): Promise<FoundPage> {
  if (wanted.limit === 0) return { rows: [], gaveTurns: false }
  const search = withImpliedBound(statements, wanted)
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
  // Those in the list's order can stop at a full page. Others read all they have, which is no gain for a union.
  const promising = counted.filter(({ sources, isOrdered }) => isOrdered || sources.length === 1)
  const rivals = promising.toSorted((a, b) => Number(b.isOrdered) - Number(a.isOrdered))
  return { rivals: rivals.slice(0, mostRivals) }
}

/**
 * Images that were last changed before some time were also created before it, so that a list in order of creation can
 * begin there. Only a clock that was set back makes exceptions, and these have an index of their own.
 */
function withImpliedBound(statements: Statements, search: ImageSearch): ImageSearch {
  const changed = search.conditions.find(
    ({ bound }) => bound?.column === 'updated_at' && ['<', '<=', '='].includes(bound.operator),
  )?.bound
  if (changed === undefined || statements(changedEarly).all().length > 0) return search
  const { value } = changed
  const implied: Condition = {
    sql: 'i.created_at <= ?',
    values: [value],
    bound: { column: 'created_at', operator: '<=', value },
  }
  return { ...search, conditions: [...search.conditions, implied] }
}

const changedEarly = `SELECT 1 FROM images INDEXED BY images_changed_before_creation
  WHERE deleted = 0 AND updated_at < created_at LIMIT 1`
