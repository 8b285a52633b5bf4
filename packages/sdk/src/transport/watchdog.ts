import { TimeoutError } from '../errors/connection-errors.js'

/** One timer that ends an exchange when nothing moves for too long. At most one limit runs at a time. */
export interface Watchdog {
  /** Starts counting anew. 0 counts nothing. */
  arm(limit: TimeoutError['limit'], timeoutMs: number, silence: string): void
  disarm(): void
}

/** `onExpire` gets the error to end with; it is called at most once per `arm`. */
export function createWatchdog(onExpire: (error: TimeoutError) => void): Watchdog {
  let timer: ReturnType<typeof setTimeout> | undefined
  const disarm = () => {
    clearTimeout(timer)
    timer = undefined
  }
  return {
    disarm,
    arm(limit, timeoutMs, silence) {
      disarm()
      if (timeoutMs <= 0) return
      timer = setTimeout(() => onExpire(new TimeoutError(`${silence} for ${timeoutMs} ms`, { limit, timeoutMs })), timeoutMs)
    },
  }
}
