import { UsageError } from '../errors/tyrax-error.js'
import { sleep } from '../retry/sleep.js'
import { abortReason, throwIfAborted } from '../transport/aborting.js'

/** Limits that all transfers of image data share on a cloud. Transfers of objects are not limited. */
export interface TransferLimits {
  /** For all transfers together, in both directions. @default no limit */
  readonly maxBytesPerSecond?: number | undefined
  /** Number of uploads and downloads to files at once; more wait for their turn. @default no limit */
  readonly maxConcurrent?: number | undefined
}

/** A limit on bytes per second. */
export interface RateLimit {
  readonly bytesPerSecond: number
  /** Resolves when `bytes` may be sent or read. Takers are served in the order in which they ask. */
  take(bytes: number, signal?: AbortSignal): Promise<void>
}

/** Turns and rates, shared by all transfers of a cloud. */
export interface TransferBudget {
  readonly rate: RateLimit | undefined
  /** Runs `transfer` when it is its turn. */
  turn<T>(transfer: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

/** @throws UsageError for invalid limits */
export function createBudget(options: TransferLimits = {}): TransferBudget {
  const { maxBytesPerSecond, maxConcurrent } = options
  const turns = maxConcurrent === undefined ? undefined : createTurns(whole('transfers.maxConcurrent', maxConcurrent))
  return {
    rate:
      maxBytesPerSecond === undefined ? undefined : createRateLimit(maxBytesPerSecond, 'transfers.maxBytesPerSecond'),
    turn: async (transfer, signal) => (turns ? turns(transfer, signal) : transfer()),
  }
}

/**
 * A rate limit that holds over any second: unused capacity is lost, so that a pause is never followed by a burst.
 * @param name how messages call it
 * @throws UsageError unless it is a positive number
 */
export function createRateLimit(bytesPerSecond: number, name = 'limitRate'): RateLimit {
  if (!(bytesPerSecond > 0)) {
    throw new UsageError(`${name} is ${bytesPerSecond}: it must be a positive number of bytes per second`, {
      hint: 'leave it out for no limit',
    })
  }
  // The time at which the bytes granted so far have been transferred at the limit.
  let busyUntil = 0
  return {
    bytesPerSecond,
    async take(bytes, signal) {
      throwIfAborted(signal)
      const now = performance.now()
      const start = Math.max(now, busyUntil)
      busyUntil = start + (bytes / bytesPerSecond) * 1000
      if (start - now >= 1) await sleep(start - now, signal)
    },
  }
}

function createTurns(most: number) {
  let busy = 0
  const waiting: (() => void)[] = []
  const begin = (signal: AbortSignal | undefined) =>
    new Promise<void>((resolve, reject) => {
      throwIfAborted(signal)
      if (busy < most) {
        busy += 1
        resolve()
        return
      }
      const onAbort = () => {
        waiting.splice(waiting.indexOf(start), 1)
        if (signal) reject(abortReason(signal))
      }
      const start = () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }
      waiting.push(start)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  return async <T>(transfer: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    await begin(signal)
    try {
      return await transfer()
    } finally {
      const next = waiting.shift()
      // The turn is handed to the next in line: a transfer that asks in between does not get it.
      if (next) next()
      else busy -= 1
    }
  }
}

function whole(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new UsageError(`${name} is ${value}: it must be a whole number of at least 1`)
}

/** The limits of one transfer: the cloud's, and its own. @throws UsageError for an invalid limit */
export function rateLimits(budget: TransferBudget | undefined, limitRate: number | undefined): readonly RateLimit[] {
  const own = limitRate === undefined ? undefined : createRateLimit(limitRate)
  return [budget?.rate, own].filter((limit) => limit !== undefined)
}

/** This many pieces are sent per second at least, so that neither end mistakes a slow transfer for a dead one. */
const piecesPerSecond = 10

/** Passes the bytes on no faster than the limits allow, cut into pieces that keep arriving. */
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

/** @throws UsageError for an option that is not a whole number, or out of bounds */
export function checkWholeNumber(name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return
  throw new UsageError(`${name} is a whole number from ${least} to ${most}, not ${value}`)
}
