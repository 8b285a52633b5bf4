import type { RateLimit, TransferBudget } from './budget.js'
import { createRateLimit } from './budget.js'

/** The limits that hold for one transfer: the cloud's, and its own. @throws UsageError for a limit that is none */
export function rateLimits(budget: TransferBudget | undefined, limitRate: number | undefined): readonly RateLimit[] {
  const own = limitRate === undefined ? undefined : createRateLimit(limitRate)
  return [budget?.rate, own].filter((limit) => limit !== undefined)
}

/** Pieces move this often, so that neither end takes a slow transfer for a dead one. */
const piecesPerSecond = 10

/** The bytes no faster than the limits allow, cut into pieces that keep moving. */
export async function* throttled(
  data: AsyncIterable<Uint8Array>,
  limits: readonly RateLimit[],
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  if (limits.length === 0) {
    yield* data
    return
  }
  const slowest = Math.min(...limits.map(({ bytesPerSecond }) => bytesPerSecond))
  const largest = Math.max(1, Math.floor(slowest / piecesPerSecond))
  for await (const chunk of data) {
    for (let at = 0; at < chunk.byteLength; at += largest) {
      const piece = chunk.subarray(at, at + largest)
      for (const limit of limits) await limit.take(piece.byteLength, signal)
      yield piece
    }
  }
}
