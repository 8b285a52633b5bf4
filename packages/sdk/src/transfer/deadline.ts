import { TimeoutError } from '../errors/connection-errors.js'
import { UsageError } from '../errors/tyrax-error.js'
import { linkedController } from '../transport/aborting.js'

/**
 * Runs `call` with a signal that also aborts when the deadline passes. Without a deadline there is no timer.
 * @throws TimeoutError with the limit `deadline`; UsageError for an invalid deadline
 */
export async function withDeadline<T>(
  deadlineMs: number | undefined,
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (deadlineMs === undefined) return call(signal)
  if (!(deadlineMs > 0)) throw new UsageError(`deadlineMs is ${deadlineMs}: it must be a positive number`)
  const { control, unlink } = linkedController(signal)
  const error = new TimeoutError(`the transfer took longer than its deadline of ${deadlineMs / 1000} s`, {
    limit: 'deadline',
    timeoutMs: deadlineMs,
  })
  // A deadline longer than a timer can wait is treated as none.
  const timer = deadlineMs < 2 ** 31 ? setTimeout(() => control.abort(error), deadlineMs) : undefined
  try {
    return await call(control.signal)
  } finally {
    clearTimeout(timer)
    unlink()
  }
}

/**
 * A signal that also aborts when the deadline passes. For a stream: it applies until all is read, however slow its
 * reader is.
 */
export function withinDeadline(
  signal: AbortSignal | undefined,
  deadlineMs: number | undefined,
): AbortSignal | undefined {
  if (deadlineMs === undefined) return signal
  const deadline = AbortSignal.timeout(Math.min(deadlineMs, 2 ** 31 - 1))
  return signal ? AbortSignal.any([signal, deadline]) : deadline
}
