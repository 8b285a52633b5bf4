import type { AbortError, ConnectionError, TimeoutError } from './connection-errors.js'
import { type HttpError, retryableStatuses } from './http-error.js'
import type { NoMatchError } from './image-errors.js'

/** An HTTP error of one status, so that the other branch of a guard still includes the errors of all other statuses. */
export type ErrorOfStatus<Status extends number> = HttpError & { readonly status: Status }

/**
 * Guards check the name and the status of an error, not its class: they also recognise errors of another copy of this
 * package, or of another realm.
 */
function hasStatus<Status extends number>(
  error: unknown,
  ...statuses: readonly Status[]
): error is ErrorOfStatus<Status> {
  if (!(typeof error === 'object' && error !== null)) return false
  const { status, headers } = error as Partial<HttpError>
  return typeof status === 'number' && (statuses as readonly number[]).includes(status) && headers !== undefined
}

function hasName<Name extends string>(error: unknown, name: Name): error is { readonly name: Name } {
  return typeof error === 'object' && error !== null && String((error as { name?: unknown }).name) === name
}

/** It does not exist or is not visible to you: a 404, or a name or set of attributes that nothing matches. */
export const isNotFound = (error: unknown): error is ErrorOfStatus<404> | NoMatchError =>
  hasStatus(error, 404) || hasName(error, 'NoMatchError')
/** 409: the current state does not allow it. */
export const isConflict = (error: unknown): error is ErrorOfStatus<409> => hasStatus(error, 409)
/** 403: you are not allowed to do this. */
export const isForbidden = (error: unknown): error is ErrorOfStatus<403> => hasStatus(error, 403)
/** 401: wrong credentials, or a fresh token that was refused. */
export const isUnauthorized = (error: unknown): error is ErrorOfStatus<401> => hasStatus(error, 401)
/** 410: it was deleted during the call. */
export const isGone = (error: unknown): error is ErrorOfStatus<410> => hasStatus(error, 410)
/** 413: a quota or size limit. */
export const isOverLimit = (error: unknown): error is ErrorOfStatus<413> => hasStatus(error, 413)
/** The caller's own signal aborted the call. Closing the cloud results in a `CloudClosedError` instead. */
export const isAborted = (error: unknown): error is AbortError & { readonly name: 'AbortError' } =>
  hasName(error, 'AbortError')
/**
 * No data was transferred for too long, or a deadline passed. The platform's own `TimeoutError`, which has no
 * `limit`, does not count.
 */
export const isTimeout = (error: unknown): error is TimeoutError => hasName(error, 'TimeoutError') && 'limit' in error
/** The same call may succeed later: the network failed, or the server is busy. */
export const isRetryable = (
  error: unknown,
): error is ErrorOfStatus<(typeof retryableStatuses)[number]> | ConnectionError | TimeoutError =>
  hasName(error, 'ConnectionError') || isTimeout(error) || hasStatus(error, ...retryableStatuses)
