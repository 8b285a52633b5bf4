import { ConnectionError, TimeoutError } from '../errors/connection-errors.js'

/*
 * Which failures of a connection are worth another request. They stand next to each other so that a difference between
 * them is a decision.
 */

/** A small body that is read again as a whole stopped arriving. */
export const isBodyCutOff = (error: unknown): boolean => isIdle(error) || hasReason(error, 'reset', 'truncated')

/** Data that another request resumes stopped arriving: the connection is to blame, not the server. */
export const isDataCutOff = (error: unknown): boolean =>
  isIdle(error) || hasReason(error, 'reset', 'truncated', 'unknown')

/** A server that has not responded yet may respond to the next request; a host that does not exist will not. */
export const isFirstResponseLost = (error: unknown): boolean =>
  error instanceof TimeoutError || hasReason(error, 'reset', 'truncated')

/** A server that has responded before was not reached, or fell silent: whatever the reason, it may be back. */
export const isLaterResponseLost = (error: unknown): boolean =>
  error instanceof TimeoutError || error instanceof ConnectionError

const isIdle = (error: unknown): boolean => error instanceof TimeoutError && error.limit === 'idle'

const hasReason = (error: unknown, ...reasons: readonly ConnectionError['reason'][]): boolean =>
  error instanceof ConnectionError && reasons.includes(error.reason)
