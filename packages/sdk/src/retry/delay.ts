import type { RetryPolicy } from './policies.js'

/** What the delay before the next attempt depends on. */
export interface RetryMoment {
  /** 1 after the first failure. */
  readonly attempt: number
  /** The `Retry-After` header: seconds or an HTTP date (RFC 9110 section 10.2.3). */
  readonly retryAfter?: string | null | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
  /** From 0 to 1. */
  readonly random: number
}

/**
 * How long to wait before the next attempt, in milliseconds. Undefined if there is no next attempt: all attempts are
 * used up, or the server asks for a longer wait than the policy allows.
 */
export function retryDelay(policy: RetryPolicy, moment: RetryMoment): number | undefined {
  if (moment.attempt > policy.retries) return undefined
  const asked = parseRetryAfter(moment.retryAfter, moment.now)
  if (asked !== undefined) return asked <= policy.maxRetryAfterMs ? asked : undefined
  const base = Math.min(policy.delayMs * 2 ** (moment.attempt - 1), policy.maxDelayMs)
  return Math.min(base * (0.75 + moment.random * 0.5), policy.maxDelayMs)
}

/** Milliseconds to wait; undefined for a header that is absent or neither a number nor a date. */
export function parseRetryAfter(header: string | null | undefined, now: number): number | undefined {
  const text = header?.trim()
  if (!text) return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  if (/^[-+]?[\d.]+$/.test(text)) return undefined
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
