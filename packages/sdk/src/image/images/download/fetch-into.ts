import { linkedController } from '../../../transport/aborting.js'
import { isRetryable } from '../../../errors/guards.js'
import type { FileTarget } from '../../../platform/platform.js'
import type { ProgressMeter } from '../../../transfer/progress.js'
import type { DataOrigin } from './open-data.js'
import { NoParts, readSpan } from './read-span.js'
import { planSpans, type SpanPlan } from './span-plan.js'

interface Fetching {
  readonly origin: DataOrigin
  readonly plan: SpanPlan
  readonly target: FileTarget
  readonly meter: ProgressMeter
}

/**
 * Fetches what the file lacks. One connection begins, with the whole image where it begins at the first byte; further
 * ones take parts ahead of it once that one has begun to deliver, and leave when the server will not have them. What
 * nobody fetches is left to the first, so that the outcome is the same with any number. Gives the number of bytes in
 * the file then.
 */
export async function fetchInto(
  origin: DataOrigin,
  target: FileTarget,
  { start, meter }: { readonly start: number; readonly meter: ProgressMeter },
): Promise<number> {
  const { image, ranges, options } = origin
  if (image.size === 0) {
    await readSpan(origin, { start: 0, end: 0 }).next()
    return 0
  }
  const end = image.size ?? Number.POSITIVE_INFINITY
  const isParallel = image.size !== null && options.resume !== false && ranges.supports(image) !== false
  const connections = isParallel ? (options.concurrency ?? 1) : 1
  const plan = planSpans({ start, end }, connections)
  if (connections === 1) return Math.max(start, await first({ origin, plan, target, meter }, () => undefined))
  await target.scatter()
  await fetchScattered({ origin, plan, target, meter }, connections)
  return end
}

async function fetchScattered(fetching: Fetching, connections: number): Promise<void> {
  const { options } = fetching.origin
  const { control, unlink } = linkedController(options.signal)
  const linked = { ...fetching, origin: { ...fetching.origin, options: { ...options, signal: control.signal } } }
  const others: Promise<void>[] = []
  const begin = () => {
    while (others.length < connections - 1) {
      const other = further(linked)
      // The first must not go on for nothing.
      other.catch((error: unknown) => control.abort(error))
      others.push(other)
    }
  }
  try {
    await first(linked, begin)
    await Promise.all(others)
    // What a connection gave back after the first was done.
    await first(linked, () => undefined)
  } finally {
    control.abort()
    unlink()
    await Promise.allSettled(others)
  }
}

/** Fetches until nothing is left. `onBegun` is called when the first bytes are there. Gives the end of the last span. */
async function first({ origin, plan, target, meter }: Fetching, onBegun: () => void): Promise<number> {
  let begun = false
  let at = 0
  for (let span = plan.claim(); span; span = plan.claim()) {
    at = span.start
    const writer = target.writer(at)
    const data = readSpan(origin, span, {
      extend: begun ? undefined : (end) => plan.extend(end),
      onRestart: () => meter.restart(),
      onSkipped: (bytes) => meter.add(bytes),
    })
    try {
      for await (const chunk of data) {
        at += chunk.byteLength
        meter.add(chunk.byteLength)
        if (!begun) onBegun()
        begun = true
        const busy = writer.write(chunk)
        if (busy) await busy
      }
    } finally {
      await writer.flush()
    }
  }
  return at
}

/** Fetches parts until none is left, or the server will not have it. */
async function further({ origin, plan, target, meter }: Fetching): Promise<void> {
  // Patience is the first connection's: what this one cannot get, that one can.
  const hasty = { ...origin, policy: { ...origin.policy, retries: Math.min(origin.policy.retries, 1) } }
  for (let span = plan.claim(); span; span = plan.claim()) {
    const writer = target.writer(span.start)
    let at = span.start
    try {
      for await (const chunk of readSpan(hasty, span, { onlyParts: true })) {
        at += chunk.byteLength
        meter.add(chunk.byteLength)
        const busy = writer.write(chunk)
        if (busy) await busy
      }
      await writer.flush()
    } catch (error) {
      await writer.flush()
      plan.giveBack({ start: at, end: span.end })
      if (error instanceof NoParts || isRetryable(error)) return
      throw error
    }
  }
}
