import type { Span } from './read-span.js'

const leastBytes = 1024 * 1024
const mostBytes = 64 * 1024 * 1024

/** What is still to be fetched, cut up for several connections. */
export interface SpanPlan {
  /** The first span that nobody fetches. */
  claim(): Span | undefined
  /** Adds the span that begins at `end` to the one that ends there, when nobody fetches it; gives the new end. */
  extend(end: number): number | undefined
  /** What somebody who claimed it will not fetch. */
  giveBack(span: Span): void
}

/** In order of the file, so that hashing it, which has to be, is never far behind. */
export function planSpans(whole: Span, connections: number): SpanPlan {
  const even = Math.ceil((whole.end - whole.start) / (connections * 2))
  const step = connections === 1 ? whole.end : Math.min(Math.max(even, leastBytes), mostBytes)
  const open: Span[] = []
  for (let start = whole.start; start < whole.end; start += step) {
    open.push({ start, end: Math.min(start + step, whole.end) })
  }
  return {
    claim: () => open.shift(),
    extend(end) {
      if (open[0]?.start !== end) return undefined
      return open.shift()?.end
    },
    giveBack(span) {
      if (span.start >= span.end) return
      const at = open.findIndex(({ start }) => start > span.start)
      open.splice(at === -1 ? open.length : at, 0, span)
    },
  }
}
