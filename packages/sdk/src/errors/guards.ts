import type { HttpError } from './http-error.js'
import type { NoMatchError } from './image-errors.js'

/**
 * Guards look at the name and the status of an error, not at its class: they also hold for errors of another copy of
 * this package, or of another realm.
 */
function hasStatus(error: unknown, ...statuses: readonly number[]): error is HttpError {
  if (!(typeof error === 'object' && error !== null)) return false
  const { status, headers } = error as Partial<HttpError>
  return typeof status === 'number' && statuses.includes(status) && headers !== undefined
}

function hasName(error: unknown, ...names: readonly string[]): boolean {
  return typeof error === 'object' && error !== null && names.includes(String((error as { name?: unknown }).name))
}

/** It is not there, or not visible to you: a 404, or a name or set of attributes that nothing matches. */
export const isNotFound = (error: unknown): error is HttpError | NoMatchError =>
  hasStatus(error, 404) || hasName(error, 'NoMatchError')
/** 409: the state of things does not allow it. */
export const isConflict = (error: unknown): error is HttpError => hasStatus(error, 409)
/** 403: you may not. */
export const isForbidden = (error: unknown): error is HttpError => hasStatus(error, 403)
/** 401: wrong credentials, or a token that was refused even when fresh. */
export const isUnauthorized = (error: unknown): error is HttpError => hasStatus(error, 401)
/** 410: it went away while we were at work on it. */
export const isGone = (error: unknown): error is HttpError => hasStatus(error, 410)
/** 413: a quota or size limit. */
export const isOverLimit = (error: unknown): error is HttpError => hasStatus(error, 413)
/** The caller's own signal ended the call. Not so when the cloud was closed: that is a `CloudClosedError`. */
export const isAborted = (error: unknown): boolean => hasName(error, 'AbortError')
/** Nothing moved for too long. */
export const isTimeout = (error: unknown): boolean => hasName(error, 'TimeoutError')
/** The same call may succeed later: the network failed, or the server is busy. */
export const isRetryable = (error: unknown): boolean =>
  hasName(error, 'ConnectionError', 'TimeoutError') || hasStatus(error, 408, 429, 500, 502, 503, 504)
