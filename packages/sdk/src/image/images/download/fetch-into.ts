import { linkedController } from '../../../transport/aborting.js'
import { policies } from '../../../retry/policies.js'
import type { FileTarget } from '../../../platform/platform.js'
import type { ProgressMeter } from '../../../transfer/progress.js'
import type { Span } from '../../../transfer/range-response.js'
import { writeChunks } from '../../../transfer/save-file.js'
import { type ImageData, NoRanges, readSpan, wholeOf } from './image-data.js'

interface Fetching {
  readonly data: ImageData
  readonly plan: SpanPlan
  readonly target: FileTarget
  readonly meter: ProgressMeter
}

/**
 * Fetches what the file lacks. One connection begins, with the whole image if it begins at the first byte; extra ones
 * fetch spans ahead of it once it has begun to deliver, and end when the server refuses them. The first fetches what
 * none of them did, so that the outcome is the same with any number. Returns the number of bytes that are then in the
 * file.
 */
export async function fetchInto(
  data: ImageData,
  target: FileTarget,
  { start, meter }: { readonly start: number; readonly meter: ProgressMeter },
): Promise<number> {
  const { image, ranges, options } = data
  if (image.size === 0) {
    await readSpan(data, wholeOf(image)).next()
    return 0
  }
  const { end } = wholeOf(image)
  const isParallel = image.size !== null && options.resume !== false && ranges.supports(image) !== false
  const connections = isParallel ? (options.concurrency ?? 1) : 1
  const plan = planSpans({ start, end }, connections)
  if (connections === 1) return Math.max(start, await first({ data, plan, target, meter }, () => undefined))
  await target.scatter()
  await fetchScattered({ data, plan, target, meter }, connections)
  return end
}

async function fetchScattered(fetching: Fetching, connections: number): Promise<void> {
  const { options } = fetching.data
  const { control, unlink } = linkedController(options.signal)
  const linked = { ...fetching, data: { ...fetching.data, options: { ...options, signal: control.signal } } }
  const others: Promise<void>[] = []
  const begin = () => {
    while (others.length < connections - 1) {
      const other = extra(linked)
      // Without this, the first would keep fetching after the failure.
      other.catch((error: unknown) => control.abort(error))
      others.push(other)
    }
  }
  try {
    await first(linked, begin)
    await Promise.all(others)
    // Spans that a connection returned to the plan after the first was done.
    await first(linked, () => undefined)
  } finally {
    control.abort()
    unlink()
    await Promise.allSettled(others)
  }
}

/** Fetches until nothing is left. `onBegun` is called when the first bytes are there. Returns the end of the last span. */
async function first({ data, plan, target, meter }: Fetching, onBegun: () => void): Promise<number> {
  let begun = false
  let at = 0
  for (let span = plan.claim(); span; span = plan.claim()) {
    at = span.start
    const chunks = readSpan(data, span, {
      extend: begun ? undefined : (end) => plan.extend(end),
      onRestart: () => meter.restart(),
      onSkipped: (bytes) => meter.add(bytes),
    })
    await writeChunks(target, at, chunks, ({ byteLength }) => {
      at += byteLength
      meter.add(byteLength)
      if (!begun) onBegun()
      begun = true
    })
  }
  return at
}

/** Fetches spans until none is left, or the server refuses. */
async function extra({ data, plan, target, meter }: Fetching): Promise<void> {
  const { retries, isWorthRetrying } = policies.extraConnection
  const hasty = { ...data, policy: { ...data.policy, retries: Math.min(data.policy.retries, retries) } }
  for (let span = plan.claim(); span; span = plan.claim()) {
    let at = span.start
    try {
      await writeChunks(target, at, readSpan(hasty, span, { onlyRanges: true }), ({ byteLength }) => {
        at += byteLength
        meter.add(byteLength)
      })
    } catch (error) {
      plan.giveBack({ start: at, end: span.end })
      if (error instanceof NoRanges || isWorthRetrying(error)) return
      throw error
    }
  }
}

const leastBytes = 1024 * 1024
const mostBytes = 64 * 1024 * 1024

/** What is still to be fetched, divided among several connections. */
interface SpanPlan {
  /** Takes the first span that no connection fetches. */
  claim(): Span | undefined
  /**
   * Adds the span that begins at `end` to the one that ends there, if no connection fetches it; returns the new end.
   */
  extend(end: number): number | undefined
  /** Returns what the connection that claimed the span will not fetch. */
  giveBack(span: Span): void
}

/** In file order, so that hashing, which follows that order, is never far behind. */
function planSpans(whole: Span, connections: number): SpanPlan {
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
