import { TimeoutError } from '../errors/connection-errors.js'

/** One timer that ends an exchange when nothing moves for too long. At most one limit runs at a time. */
export interface Watchdog {
  /** Starts counting anew. 0 counts nothing. Cheap: called for every chunk. */
  arm(limit: TimeoutError['limit'], timeoutMs: number, silence: string): void
  /** Stops counting, until armed again. */
  disarm(): void
  /** Lets go of the timer. */
  stop(): void
}

/** `onExpire` gets the error to end with; it is called at most once per `arm`. */
export function createWatchdog(onExpire: (error: TimeoutError) => void): Watchdog {
  let timer: ReturnType<typeof setTimeout> | undefined
  let timerDue = 0
  let armed: { limit: TimeoutError['limit']; timeoutMs: number; silence: string } | undefined
  let due = 0

  // The timer is left running between chunks and looks at the deadline when it fires: setting one for each chunk would
  // cost more than the chunk.
  const schedule = (delayMs: number) => {
    clearTimeout(timer)
    timerDue = performance.now() + delayMs
    timer = setTimeout(fire, delayMs)
  }
  const fire = () => {
    timer = undefined
    if (!armed) return
    const left = due - performance.now()
    if (left > 0) {
      schedule(left)
      return
    }
    const { limit, timeoutMs, silence } = armed
    armed = undefined
    onExpire(new TimeoutError(`${silence} for ${timeoutMs} ms`, { limit, timeoutMs }))
  }
  return {
    arm(limit, timeoutMs, silence) {
      if (timeoutMs <= 0) {
        armed = undefined
        return
      }
      armed = { limit, timeoutMs, silence }
      due = performance.now() + timeoutMs
      if (timer === undefined || timerDue > due) schedule(timeoutMs)
    },
    disarm() {
      armed = undefined
    },
    stop() {
      armed = undefined
      clearTimeout(timer)
      timer = undefined
    },
  }
}
