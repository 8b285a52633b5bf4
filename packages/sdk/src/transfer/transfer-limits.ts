import { UsageError } from '../errors/tyrax-error.js'
import { sleep } from '../retry/sleep.js'
import { abortReason, throwIfAborted } from '../transport/aborting.js'

/** What all transfers of image data share on a cloud. Objects of object storage are outside of it. */
export interface TransferLimits {
  /** For all transfers together, both directions. @default no limit */
  readonly maxBytesPerSecond?: number | undefined
  /** Uploads and downloads to files that move at once; more wait for their turn. @default no limit */
  readonly maxConcurrent?: number | undefined
}

/** Bytes that may move now. */
export interface RateLimit {
  readonly bytesPerSecond: number
  /** Resolves when `bytes` may be sent or read. Takers are served in the order in which they ask. */
  take(bytes: number, signal?: AbortSignal): Promise<void>
}

/** Turns and bytes, shared by all transfers that have it. */
export interface TransferBudget {
  readonly rate: RateLimit | undefined
  /** Runs `transfer` when it is its turn. */
  turn<T>(transfer: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

/** @throws UsageError for limits that are none */
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
 * A limit that is kept over any second: what was not used is lost, so that a pause is never followed by a burst.
 * @param name what messages call it
 * @throws UsageError unless it is a positive number
 */
export function createRateLimit(bytesPerSecond: number, name = 'limitRate'): RateLimit {
  if (!(bytesPerSecond > 0)) {
    throw new UsageError(`${name} is ${bytesPerSecond}: it must be a positive number of bytes per second`, {
      hint: 'leave it out for no limit',
    })
  }
  // When the bytes granted so far will have moved at the limit.
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
      // The turn passes on as it is: a transfer that asks in between does not get it.
      if (next) next()
      else busy -= 1
    }
  }
}

function whole(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new UsageError(`${name} is ${value}: it must be a whole number of at least 1`)
}

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

/** @throws UsageError for an option that is no whole number, or out of bounds */
export function checkWholeNumber(name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return
  throw new UsageError(`${name} is a whole number from ${least} to ${most}, not ${value}`)
}
