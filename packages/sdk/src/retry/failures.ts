import { ConnectionError, MalformedResponseError } from '../errors/connection-errors.js'
import { isConflict, isGone, isNotFound, isTimeout } from '../errors/guards.js'
import { HttpError } from '../errors/http-error.js'
import { ImageStatusError } from '../errors/image-errors.js'
import { ChecksumMismatch, IntegrityError, type SourceError } from '../errors/transfer-errors.js'
import { DamagedData } from '../platform/decoder.js'
import { isEnded } from '../transport/aborting.js'

/* The kinds of failures, as facts. The table in policies.ts decides how to handle them. */

/** Whether an error is of a certain kind. */
export type FailureKind = (error: unknown) => boolean

/** Of any of these kinds. */
export const anyOf =
  (...kinds: readonly FailureKind[]): FailureKind =>
  (error) =>
    kinds.some((isOfKind) => isOfKind(error))

const connectionFailedBy = (error: unknown, ...reasons: readonly ConnectionError['reason'][]): boolean =>
  error instanceof ConnectionError && reasons.includes(error.reason)

export const isConnectionFailure = (error: unknown): boolean => error instanceof ConnectionError

/** A connection ended before the response did. */
export const isCutOff = (error: unknown): boolean => connectionFailedBy(error, 'reset', 'truncated')

export const isReset = (error: unknown): boolean => connectionFailedBy(error, 'reset')

/** Nothing listens there: a service that restarts, or a wrong address. */
export const isRefused = (error: unknown): boolean => connectionFailedBy(error, 'refused')

/** The name server is busy; a name that does not exist fails otherwise. */
export const isNameServerBusy = (error: unknown): boolean =>
  error instanceof ConnectionError && error.reason === 'dns' && /EAI_AGAIN/.test(error.message)

/** The runtime does not report why a connection failed, as in browsers. */
export const isUnexplained = (error: unknown): boolean => connectionFailedBy(error, 'unknown')

/** There was no connection at all: the server has received nothing, so a cleanup would be pointless. */
export const isUnreachable = (error: unknown): boolean => connectionFailedBy(error, 'refused', 'dns', 'tls', 'proxy')

/** A connection failed for a reason other than an untrusted certificate. */
export const isOtherThanTls: FailureKind = (error) => isConnectionFailure(error) && !connectionFailedBy(error, 'tls')

/** A connection failed for a reason other than the certificate or the proxy, which will not change. */
export const isOtherThanTlsOrProxy: FailureKind = (error) =>
  isConnectionFailure(error) && !connectionFailedBy(error, 'tls', 'proxy')

/** A limit of one exchange was exceeded, not the caller's deadline. */
export const isExchangeTimeout = (error: unknown): boolean =>
  isTimeout(error) && error.limit !== 'deadline' && error.limit !== 'login'

/** No more data arrived for a body that had begun. */
export const isIdle = (error: unknown): boolean => isTimeout(error) && error.limit === 'idle'

/** A status after which the same request may succeed later. */
export const isPassingStatus = (error: unknown): boolean => error instanceof HttpError && error.retryable

/** The object of the request does not exist, or its state does not allow the request. */
export const isGoneOrTaken = anyOf(isConflict, isGone, isNotFound)

/** A source does not match its published checksum, or is inconsistent. */
export const isDamagedSource = (error: unknown): error is SourceError =>
  error instanceof ChecksumMismatch || error instanceof DamagedData

/** Received data ended before its declared size, without an error. */
export const isTooShort = (error: unknown): boolean =>
  error instanceof IntegrityError && error.what === 'size' && Number(error.actual) < Number(error.expected)

/** Received data has wrong bytes, or too many; data that is only too short does not count. */
export const isWrongData = (error: unknown): error is IntegrityError | ChecksumMismatch =>
  error instanceof ChecksumMismatch || (error instanceof IntegrityError && !isTooShort(error))

/** The image's record no longer exists, or is stuck: the data can only be sent to a new one. */
export class RecordLostError extends ImageStatusError {
  override readonly name: string = 'RecordLostError'
}

export const isRecordLost = (error: unknown): boolean => error instanceof RecordLostError

/** The server may have executed the request although the response is missing or an error: a cleanup has to follow. */
export const mayHaveBeenDone: FailureKind = (error) =>
  isCutOff(error) ||
  isTimeout(error) ||
  isEnded(error) ||
  error instanceof MalformedResponseError ||
  (error instanceof HttpError && error.status >= 500)
