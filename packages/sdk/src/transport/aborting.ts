import { AbortError, CloudClosedError, TimeoutError } from '../errors/connection-errors.js'
import { TyraxError } from '../errors/tyrax-error.js'

/** The error for a caller's signal: its own reason if that is one of our errors, else an AbortError caused by it. */
export function abortReason(signal: AbortSignal): TyraxError {
  const reason: unknown = signal.reason
  if (reason instanceof TyraxError) return reason
  if (reason instanceof Error && reason.name === 'TimeoutError') {
    return new TimeoutError('the deadline passed', { limit: 'deadline', timeoutMs: 0 }, { cause: reason })
  }
  return new AbortError('aborted', { cause: reason })
}

/** Whether a call was ended deliberately, by the caller's signal or by closing the cloud: retrying is pointless. */
export function isEnded(error: unknown): boolean {
  return error instanceof AbortError || error instanceof CloudClosedError
}

/** @throws the signal's error when it has been aborted */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortReason(signal)
}

/** An abort controller that also follows `signal`. `unlink` stops following it. */
export function linkedController(signal: AbortSignal | undefined): { control: AbortController; unlink: () => void } {
  const control = new AbortController()
  if (!signal) return { control, unlink: () => undefined }
  const follow = () => control.abort(abortReason(signal))
  if (signal.aborted) follow()
  else signal.addEventListener('abort', follow, { once: true })
  return { control, unlink: () => signal.removeEventListener('abort', follow) }
}

/** `promise`, or a rejection as soon as `signal` aborts. The work behind the promise is not stopped. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  if (signal.aborted) {
    promise.catch(() => undefined)
    return Promise.reject(abortReason(signal))
  }
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(abortReason(signal))
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
