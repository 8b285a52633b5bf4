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
  /** Methods that are repeated after a lost connection or a status in `statuses`. */
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
 * PUT and PATCH are repeated only if the caller knows that this is safe and requests it; POST never automatically. A
 * body is sent again only from a source that can be opened again.
 */
export const defaultRetryPolicy: RetryPolicy = {
  retries: 4,
  methods: ['GET', 'HEAD', 'DELETE'],
  statuses: retryableStatuses,
  delayMs: 500,
  maxDelayMs: 20_000,
  maxRetryAfterMs: 120_000,
}

/** How one kind of operation handles failures. */
interface FailurePolicy {
  /** Failures after which another try may succeed. `RetryPolicy.statuses` covers responses, before they become errors. */
  readonly isWorthRetrying: FailureKind
  /** Attempts after the first. */
  readonly retries: number
}

const { retries } = defaultRetryPolicy

/**
 * Which failures are retried for which operation, and how often, in one table, so that every difference is a deliberate
 * decision. `connect({ retry })` sets the number of retries for the rows that are passed to {@link retryPolicy}.
 */
export const policies = {
  // One exchange.
  /** A restarting service refuses connections for a while; errors that would recur are reported at once. */
  request: { isWorthRetrying: anyOf(isExchangeTimeout, isRefused, isCutOff, isNameServerBusy), retries },
  /** A small body that is read again completely: the server has responded, so only the connection is to blame. */
  responseBody: { isWorthRetrying: anyOf(isIdle, isCutOff), retries },
  /** If the server does not listen or respond, the auth URL is usually wrong, so this is reported at once. */
  login: { isWorthRetrying: isReset, retries },

  // Receiving data.
  /** The next request resumes after the last byte. Giving up a download loses more than one request: more retries. */
  imageData: { isWorthRetrying: anyOf(isIdle, isCutOff, isUnexplained), retries: 8 },
  /** Some servers end a body early without an error; the rest can be requested as long as bytes are missing. */
  shortImageData: { isWorthRetrying: isTooShort, retries: 8 },
  /** Like image data, but with only the retries of a request for the source of an upload, which is repeated too. */
  objectData: { isWorthRetrying: anyOf(isIdle, isCutOff, isUnexplained), retries },
  /** Extra connections give up early; the first one retries on their behalf. */
  extraConnection: { isWorthRetrying: isRetryable, retries: 1 },
  /** A host that does not exist will not respond to the next request either. */
  urlFirstResponse: { isWorthRetrying: anyOf(isTimeout, isCutOff), retries },
  /** The server has responded before: whatever the reason of the failure, it may recover. */
  urlFurtherResponse: { isWorthRetrying: anyOf(isTimeout, isConnectionFailure), retries },
  /** The first time, the data of an earlier run or the network may be at fault; the second time, it is the server. */
  wrongFile: { isWorthRetrying: isWrongData, retries: 1 },

  // Sending data.
  /** The image is polled before data is sent again: its status can reveal more than the error. */
  upload: {
    isWorthRetrying: anyOf(isOtherThanTlsOrProxy, isExchangeTimeout, isUnauthorized, isPassingStatus),
    retries,
  },
  /** Data was sent before: the record may be taken or gone because of the first attempt. */
  repeatedUpload: {
    isWorthRetrying: anyOf(isOtherThanTlsOrProxy, isExchangeTimeout, isUnauthorized, isPassingStatus, isGoneOrTaken),
    retries,
  },
  /** The network may have damaged the source. If the same data arrives twice, it was published that way. */
  damagedSource: { isWorthRetrying: isDamagedSource, retries: 1 },
  /** A server that loses a second record too would lose a third. */
  lostRecord: { isWorthRetrying: isRecordLost, retries: 1 },

  // Records.
  /** Another client was faster, and nothing was saved: the change is made to a fresh copy. */
  patch: { isWorthRetrying: isConflict, retries: 4 },
  /** Temporary failures do not end a wait; without a timeout, ten in a row do. A new token may be accepted. */
  wait: { isWorthRetrying: anyOf(isOtherThanTls, isExchangeTimeout, isPassingStatus, isUnauthorized), retries: 9 },
  /** The server that broke the exchange may be restarting; the caller limits the time, not the number of attempts. */
  saving: { isWorthRetrying: isRetryable, retries: Number.POSITIVE_INFINITY },
} as const satisfies Record<string, FailurePolicy>

/** The retries for one kind of operation: its row, with the changes from `connect({ retry })`. */
export function retryPolicy(work: keyof typeof policies, given: Partial<RetryPolicy> | undefined): RetryPolicy {
  return { ...defaultRetryPolicy, retries: policies[work].retries, ...given }
}
