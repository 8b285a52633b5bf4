/** When a failed attempt is repeated, as data. */
export interface RetryPolicy {
  /** Attempts after the first. @default 4 */
  readonly retries: number
  /** Methods repeated after a lost connection or a status of `statuses`. */
  readonly methods: readonly string[]
  readonly statuses: readonly number[]
  /** First delay; doubles with each attempt, with ±25 % jitter. @default 500 */
  readonly delayMs: number
  /** @default 20_000 */
  readonly maxDelayMs: number
  /** A longer Retry-After than this is not waited for. @default 120_000 */
  readonly maxRetryAfterMs: number
}

/**
 * PUT and PATCH are repeated only where the caller knows that it is safe and says so; POST never by itself.
 * A body is sent again only from a source that can be opened again.
 */
export const defaultRetryPolicy: RetryPolicy = {
  retries: 4,
  methods: ['GET', 'HEAD', 'DELETE'],
  statuses: [408, 429, 500, 502, 503, 504],
  delayMs: 500,
  maxDelayMs: 20_000,
  maxRetryAfterMs: 120_000,
}
