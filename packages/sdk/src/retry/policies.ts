import { isConflict, isRetryable, isTimeout, isUnauthorized } from '../errors/guards.js'
import { retryableStatuses } from '../errors/http-error.js'
import {
  anyOf,
  type FailureKind,
  isConnectionFailure,
  isCutOff,
  isDamagedSource,
  isExchangeTimeout,
  isGoneOrTaken,
  isIdle,
  isNameServerBusy,
  isOtherThanTls,
  isOtherThanTlsOrProxy,
  isPassingStatus,
  isRecordLost,
  isRefused,
  isReset,
  isTooShort,
  isUnexplained,
  isWrongData,
} from './failures.js'

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
  statuses: retryableStatuses,
  delayMs: 500,
  maxDelayMs: 20_000,
  maxRetryAfterMs: 120_000,
}

/** What one kind of work does after a failure. */
interface FailurePolicy {
  /** Failures after which another try may succeed. Statuses of responses that are not errors yet: `RetryPolicy.statuses`. */
  readonly isWorthRetrying: FailureKind
  /** Tries after the first. */
  readonly retries: number
}

const { retries } = defaultRetryPolicy

/**
 * What is tried again after which failures, and how often, in one table, so that a difference is a decision.
 * `connect({ retry })` sets the number of retries where a row is passed to {@link retryPolicy}.
 */
export const policies = {
  // One exchange.
  /** A service that restarts refuses connections for a while; what will be the same next time is reported at once. */
  request: { isWorthRetrying: anyOf(isExchangeTimeout, isRefused, isCutOff, isNameServerBusy), retries },
  /** A small body that is read again as a whole: the server has responded already, so only the connection is to blame. */
  responseBody: { isWorthRetrying: anyOf(isIdle, isCutOff), retries },
  /** Where nothing listens or responds, the auth URL is wrong more often than not, and the caller hears at once. */
  login: { isWorthRetrying: isReset, retries },

  // Data that is received.
  /** The next request resumes after the last byte. A download that is given up loses more than a request: more retries. */
  imageData: { isWorthRetrying: anyOf(isIdle, isCutOff, isUnexplained), retries: 8 },
  /** Some servers end a body early without an error; more of it can be requested as long as bytes are missing. */
  shortImageData: { isWorthRetrying: isTooShort, retries: 8 },
  /** As image data; a source of an upload has the patience of a request, as the upload is repeated too. */
  objectData: { isWorthRetrying: anyOf(isIdle, isCutOff, isUnexplained), retries },
  /** Extra connections give up early; the first one retries on their behalf. */
  extraConnection: { isWorthRetrying: isRetryable, retries: 1 },
  /** A host that does not exist will not respond to the next request either. */
  urlFirstResponse: { isWorthRetrying: anyOf(isTimeout, isCutOff), retries },
  /** The server has responded before: whatever the reason, it may be back. */
  urlFurtherResponse: { isWorthRetrying: anyOf(isTimeout, isConnectionFailure), retries },
  /** What an earlier run left in the file may be what is wrong, or the way here; the second time, it is the server's. */
  wrongFile: { isWorthRetrying: isWrongData, retries: 1 },

  // Data that is sent.
  /** The image is polled before data is sent again: its status can tell more than the error does. */
  upload: {
    isWorthRetrying: anyOf(isOtherThanTlsOrProxy, isExchangeTimeout, isUnauthorized, isPassingStatus),
    retries,
  },
  /** Data was sent before: that the record is taken or gone may be what the first sending led to. */
  repeatedUpload: {
    isWorthRetrying: anyOf(isOtherThanTlsOrProxy, isExchangeTimeout, isUnauthorized, isPassingStatus, isGoneOrTaken),
    retries,
  },
  /** Damage may come from the way of a source over a network. Twice the same is what was published. */
  damagedSource: { isWorthRetrying: isDamagedSource, retries: 1 },
  /** A server that loses a second record too would lose a third. */
  lostRecord: { isWorthRetrying: isRecordLost, retries: 1 },

  // Records.
  /** Another client was faster, and nothing was saved: the change is made to a fresh copy. */
  patch: { isWorthRetrying: isConflict, retries: 4 },
  /** A wait outlasts what passes. Without a timeout it ends after ten failures in a row; a new token may be accepted. */
  wait: { isWorthRetrying: anyOf(isOtherThanTls, isExchangeTimeout, isPassingStatus, isUnauthorized), retries: 9 },
  /** The server that broke the exchange may be restarting; how long is waited is the caller's, not a number of tries. */
  saving: { isWorthRetrying: isRetryable, retries: Number.POSITIVE_INFINITY },
} as const satisfies Record<string, FailurePolicy>

/** How patiently one kind of work is repeated: its row, and what `connect({ retry })` changes. */
export function retryPolicy(work: keyof typeof policies, given: Partial<RetryPolicy> | undefined): RetryPolicy {
  return { ...defaultRetryPolicy, retries: policies[work].retries, ...given }
}
