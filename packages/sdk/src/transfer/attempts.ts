import { retryDelay } from '../retry/delay.js'
import type { RetryPolicy } from '../retry/policies.js'
import { sleep } from '../retry/sleep.js'

/** This number of bytes must have arrived since the last failure for it to count as progress. */
const progressBytes = 64 * 1024
/** A connection that delivered this number of bytes was a good one, and the next may begin almost immediately. */
const goodBytes = 8 * 1024 * 1024
const soonMs = 50

/** How often a transfer that broke off is resumed. */
export interface Attempts {
  /**
   * Waits before the next attempt.
   * @param gained bytes that the attempt added, which the next one need not fetch again
   * @param retryAfter the server's `Retry-After`, where it sent one
   * @throws `error` when the attempts are used up
   */
  next(error: unknown, gained: number, retryAfter?: string | null): Promise<void>
}

/**
 * A bounded number of attempts, counted from the start again after each one that made progress: a transfer ends when it
 * stands still, not because it is long.
 */
export function countAttempts(policy: RetryPolicy, signal: AbortSignal | undefined): Attempts {
  let failures = 0
  let since = 0
  return {
    async next(error, gained, retryAfter) {
      since += gained
      const wasGood = since >= goodBytes && !retryAfter
      if (since >= progressBytes) {
        failures = 0
        since = 0
      }
      failures += 1
      const delay = retryDelay(policy, { attempt: failures, retryAfter, now: Date.now(), random: Math.random() })
      if (delay === undefined) throw error
      await sleep(wasGood ? Math.min(delay, soonMs) : delay, signal)
    },
  }
}
