import type { ImageSearch } from './image-search.js'
import type { SortStep } from './list-query.js'
import type { Plan } from './plans.js'
import { compareBy, compareValues } from './sort-order.js'
import type { Source, Value } from './sources.js'
import { openWalk, type MatchRow, type Statements, type Walk } from './walk.js'

/** A plan that is carried out in short steps. */
export interface RunningPlan {
  /** The number of rows that its steps so far may have visited. */
  readonly visited: number
  /** @returns the page as soon as it is known */
  step(): readonly MatchRow[] | undefined
}

/** The fewest and the most rows that one step visits, unless a page has more. */
const [shortStep, longStep] = [128, 512]
/** How long a step reads on, unless it has found a page, and the rows that are read before that is checked. */
const stepMs = 5
const [smallRead, largeRead] = [32, 256]
/** The number of conditions that can be checked for each row of a step; with more of them, a step has fewer rows. */
const plainChecks = 8

export function startPlan(statements: Statements, plan: Plan, search: ImageSearch): RunningPlan {
  const share = plainChecks / Math.max(plainChecks, plan.checks.length)
  const most = Math.ceil(Math.max(longStep, 2 * search.limit) * share)
  let rows = Math.ceil(Math.max(shortStep, 2 * search.limit) * share)
  let visited = 0
  let portion = smallRead
  const read = (walk: Walk): MatchRow[] => {
    const found: MatchRow[] = []
    const begin = performance.now()
    let now = begin
    let left = rows
    do {
      const part = Math.min(left, portion)
      for (const row of walk.read(part)) found.push(row)
      visited += part
      left -= part
      const before = now
      now = performance.now()
      // Rows that are not in memory take a hundred times as long.
      portion = now - before > stepMs / 4 ? smallRead : Math.min(2 * portion, largeRead)
    } while (left > 0 && !walk.isAtEnd && now - begin < stepMs && !(plan.isOrdered && found.length >= search.limit))
    rows = Math.min(2 * rows, most)
    return found
  }
  const streams = plan.sources.map((source): Stream => ({
    source,
    walk: openWalk(statements, source, plan, search),
    waiting: [],
  }))
  const step = plan.isOrdered ? merging(streams, search, read) : gathering(streams, search, read)
  return {
    get visited() {
      return visited
    },
    step,
  }
}

interface Stream {
  readonly source: Source
  readonly walk: Walk
  /** Rows that were read and are not in the page yet. */
  waiting: MatchRow[]
}
type Read = (walk: Walk) => MatchRow[]

/** Sources in the list's order: the first of their rows are taken until the page is full. */
function merging(streams: readonly Stream[], { sort, limit }: ImageSearch, read: Read): RunningPlan['step'] {
  const compare = compareRows(compareBy(sort))
  const page = new Map<string, MatchRow>()
  const isEmpty = ({ walk, waiting }: Stream) => waiting.length === 0 && !walk.isAtEnd
  let wanted = streams.find(isEmpty)
  return () => {
    if (wanted !== undefined) wanted.waiting = read(wanted.walk).toReversed()
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
      for (const row of read(walk)) kept.set(row[0], row)
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
