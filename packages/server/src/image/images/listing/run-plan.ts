import type { ImageSearch } from './image-search.js'
import type { SortStep } from './list-query.js'
import type { Plan } from './plans.js'
import { compareBy, compareValues } from './sort-order.js'
import type { Source, Value } from './sources.js'
import { openSetWalk } from './set-walk.js'
import { openWalk, rowCostOf, type MatchRow, type Statements, type Walk } from './walk.js'

/** A plan that is carried out in short steps. */
export interface RunningPlan {
  /** What its steps so far may have cost, in rows of an index. */
  readonly cost: number
  /** Whether it has nothing to do, and others have to find the page. */
  readonly isIdle?: boolean
  /** @returns the page as soon as it is known */
  step(): readonly MatchRow[] | undefined
}

/** How many rows are visited at once. */
interface Pace {
  /** The rows that the first step of a source visits, and the most of any step, unless a page has more. */
  readonly step: readonly [first: number, most: number]
  /** The rows that are read before the time is checked, at first and at most. */
  readonly read: readonly [first: number, most: number]
  readonly growth: number
}
const paceOfImages: Pace = { step: [64, 512], read: [32, 256], growth: 2 }
/** Images that are found by their numbers. */
const paceOfNumbers: Pace = { step: [512, 2048], read: [64, 512], growth: 4 }
/** Rows of an index that are only checked for being in a set. */
const paceOfRows: Pace = { step: [2048, 4096], read: [1024, 2048], growth: 2 }
/** How long a step reads on, unless it has found a page. */
const stepMs = 5
/** The number of conditions that can be checked for each row of a step; with more of them, a step has fewer rows. */
const plainChecks = 8

export function startPlan(statements: Statements, plan: Plan, search: ImageSearch): RunningPlan {
  const share = plainChecks / Math.max(plainChecks, plan.checks.length)
  const pace = paceOf(plan)
  const [least, most] = pace.step.map((rows) => Math.ceil(Math.max(rows, 2 * search.limit) * share)) as [number, number]
  let cost = 0
  let [portion] = pace.read
  const read = (stream: Stream, wanted: number): MatchRow[] => {
    const { walk, rows } = stream
    const found: MatchRow[] = []
    const begin = performance.now()
    let now = begin
    let left = rows
    do {
      const part = Math.min(left, portion)
      for (const row of walk.read(part)) found.push(row)
      cost += part * walk.rowCost
      left -= part
      const before = now
      now = performance.now()
      // Rows that are not in memory take a hundred times as long.
      portion = now - before > stepMs / 2 ? pace.read[0] : Math.min(pace.growth * portion, pace.read[1])
    } while (left > 0 && !walk.isAtEnd && now - begin < stepMs && found.length < wanted)
    stream.rows = Math.min(2 * rows, most)
    return found
  }
  const streams = plan.sources.map((source): Stream => ({
    source,
    walk: (source.set === undefined ? openWalk : openSetWalk)(statements, source, plan, search),
    rows: least,
    waiting: [],
  }))
  const step = plan.isOrdered ? merging(streams, search, read) : gathering(streams, search, read)
  return {
    get cost() {
      return cost
    },
    step,
  }
}

function paceOf({ sources, checks }: Plan): Pace {
  if (sources.every(({ set }) => set !== undefined)) return paceOfNumbers
  return rowCostOf(checks) === 1 && checks.length > 0 ? paceOfRows : paceOfImages
}

interface Stream {
  readonly source: Source
  readonly walk: Walk
  /** The rows that its next step visits. */
  rows: number
  /** Rows that were read and are not in the page yet. */
  waiting: MatchRow[]
}
/** Reads a step's rows, but not on once there are that number of those that match. */
type Read = (stream: Stream, wanted: number) => MatchRow[]

/** Sources in the list's order: the first of their rows are taken until the page is full. */
function merging(streams: readonly Stream[], { sort, limit }: ImageSearch, read: Read): RunningPlan['step'] {
  const compare = compareRows(compareBy(sort))
  const page = new Map<string, MatchRow>()
  const isEmpty = ({ walk, waiting }: Stream) => waiting.length === 0 && !walk.isAtEnd
  let wanted = streams.find(isEmpty)
  return () => {
    if (wanted !== undefined) wanted.waiting = read(wanted, limit - page.size).toReversed()
    while (page.size < limit) {
      const first = streams
        .filter(({ waiting }) => waiting.length > 0)
        .reduce<Stream | undefined>(
          (least, each) => (least && compare(headOf(least), headOf(each)) < 0 ? least : each),
          undefined,
        )
      // A source of which nothing is read yet may only be left alone if all it has comes later.
      wanted = streams.find((each) => isEmpty(each) && (first === undefined || canPrecede(each, headOf(first), sort)))
      if (wanted !== undefined) return undefined
      const row = first?.waiting.pop()
      if (row === undefined) break
      // An image that was changed between two steps may have moved from one source to another.
      if (!page.has(row[0])) page.set(row[0], row)
    }
    return [...page.values()]
  }
}

/** Whether a row that a source has not returned yet may come before this one, as far as that is known. */
function canPrecede({ source, walk }: Stream, row: MatchRow, sort: readonly SortStep[]): boolean {
  for (const [at, { key, direction }] of sort.entries()) {
    const column = source.columns.findIndex((each) => each.key === key)
    const least = key === source.fixed?.key ? source.fixed.value : walk.last?.[column]
    const value = row[at + 2] ?? null
    if (least === undefined || typeof least !== typeof value) return true
    const order = compareValues(least, value) * (direction === 'asc' ? 1 : -1)
    if (order !== 0) return order < 0
  }
  return true
}

/** Sources in any order: all their rows are read, and the first of them kept. */
function gathering(streams: readonly Stream[], { sort, limit }: ImageSearch, read: Read): RunningPlan['step'] {
  const compare = compareRows(compareBy(sort))
  let kept = new Map<string, MatchRow>()
  let at = 0
  const [first] = sort
  const isPast = (value: Value | undefined) => {
    const worst = kept.size < limit ? undefined : [...kept.values()].at(-1)
    if (worst === undefined || first === undefined || value === undefined) return false
    return compareValues(value, worst[2] ?? null) * (first.direction === 'asc' ? 1 : -1) > 0
  }
  return () => {
    const stream = streams[at]
    if (stream !== undefined) {
      const { source, walk } = stream
      for (const row of read(stream, Infinity)) kept.set(row[0], row)
      kept = new Map([...kept].toSorted(([, a], [, b]) => compare(a, b)).slice(0, limit))
      // Its first column may be in the list's order, so that what follows can only be later than what is kept.
      const isSorted = source.columns[0]?.key === first?.key
      if (walk.isAtEnd || (isSorted && isPast(walk.last?.[0]))) at += 1
    }
    return at < streams.length ? undefined : [...kept.values()]
  }
}

function headOf({ waiting }: Stream): MatchRow {
  const head = waiting.at(-1)
  if (head === undefined) throw new Error('no row is waiting')
  return head
}

function compareRows(compare: (a: readonly Value[], b: readonly Value[]) => number) {
  return (a: MatchRow, b: MatchRow) => compare(a.slice(2), b.slice(2))
}
