import { ConnectionError, MalformedResponseError } from '../errors/connection-errors.js'
import { isConflict, isGone, isNotFound, isTimeout } from '../errors/guards.js'
import { HttpError } from '../errors/http-error.js'
import { ImageStatusError } from '../errors/image-errors.js'
import { ChecksumMismatch, IntegrityError, type SourceError } from '../errors/transfer-errors.js'
import { DamagedData } from '../platform/decoder.js'
import { isEnded } from '../transport/aborting.js'

/*
 * The kinds of failures, as facts. What follows from them is in the table of policies.ts.
 */

/** Whether an error is of some kind. */
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

/** The runtime does not tell why a connection failed, as in browsers. */
export const isUnexplained = (error: unknown): boolean => connectionFailedBy(error, 'unknown')

/** There was no connection at all: the server has seen nothing, and a cleanup would only take time. */
export const isUnreachable = (error: unknown): boolean => connectionFailedBy(error, 'refused', 'dns', 'tls', 'proxy')

/** A connection failed for another reason than a certificate that is not trusted. */
export const isOtherThanTls: FailureKind = (error) => isConnectionFailure(error) && !connectionFailedBy(error, 'tls')

/** A connection failed for another reason than the certificate or the proxy, which stay as they are. */
export const isOtherThanTlsOrProxy: FailureKind = (error) =>
  isConnectionFailure(error) && !connectionFailedBy(error, 'tls', 'proxy')

/** A limit of one exchange passed, not the caller's deadline. */
export const isExchangeTimeout = (error: unknown): boolean => isTimeout(error) && error.limit !== 'deadline'

/** A body that had begun fell silent. */
export const isIdle = (error: unknown): boolean => isTimeout(error) && error.limit === 'idle'

/** A status after which the same request may succeed later. */
export const isPassingStatus = (error: unknown): boolean => error instanceof HttpError && error.retryable

/** What the request is about is not there, or not in a state for it. */
export const isGoneOrTaken = anyOf(isConflict, isGone, isNotFound)

/** A source contradicts its published checksum, or itself. */
export const isDamagedSource = (error: unknown): error is SourceError =>
  error instanceof ChecksumMismatch || error instanceof DamagedData

/** Received data ended without an error before its size. */
export const isTooShort = (error: unknown): boolean =>
  error instanceof IntegrityError && error.what === 'size' && Number(error.actual) < Number(error.expected)

/** Received data has a wrong byte, or too many; not only too few. */
export const isWrongData = (error: unknown): error is IntegrityError | ChecksumMismatch =>
  error instanceof ChecksumMismatch || (error instanceof IntegrityError && !isTooShort(error))

/** The image's record is not there any more, or stuck: the data can only go to a new one. */
export class RecordLostError extends ImageStatusError {
  override readonly name: string = 'RecordLostError'
}

export const isRecordLost = (error: unknown): boolean => error instanceof RecordLostError

/** The server may have done what was requested although no good response says so: a cleanup has to follow. */
export const mayHaveBeenDone: FailureKind = (error) =>
  isCutOff(error) ||
  isTimeout(error) ||
  isEnded(error) ||
  error instanceof MalformedResponseError ||
  (error instanceof HttpError && error.status >= 500)
