import { TimeoutError } from '../errors/connection-errors.js'

/** Returns a value that changes while bytes are transferred; undefined if it cannot be determined. */
export type Sample = () => Promise<number | undefined>

interface Armed {
  readonly limit: TimeoutError['limit']
  readonly timeoutMs: number
  readonly silence: string
  readonly sample: Sample | undefined
  /** The last sample. */
  seen?: number | undefined
  isExtended?: boolean
}

/**
 * If a timer fires later than this, and later than a quarter of its limit, this process was suspended or starved, and
 * the peer may not have been silent: data that arrived meanwhile has not been read yet. The limit then starts again,
 * once.
 */
const leastPauseMs = 50

/** A timer that ends an exchange when nothing is transferred for too long. At most one limit is active at a time. */
export interface Watchdog {
  /**
   * Starts the limit again; 0: no limit. Cheap: called for every chunk.
   * @param sample a value that is not reported by events, such as the length of the kernel's send queue: checked
   * halfway and at the end; if it has changed at the end, the limit starts again
   */
  arm(limit: TimeoutError['limit'], timeoutMs: number, silence: string, sample?: Sample): void
  /** Stops the limit until it is armed again. Cheap: the timer keeps running. */
  disarm(): void
  /** Stops the limit and clears the timer until armed again: after a response whose body may never be read. */
  rest(): void
  /** Clears the timer for good: sending may end later than its exchange, and must not start another timer. */
  stop(): void
}

/** `onExpire` is called with the error that ends the exchange, at most once per `arm`. */
export function createWatchdog(onExpire: (error: TimeoutError) => void): Watchdog {
  let timer: ReturnType<typeof setTimeout> | undefined
  let timerDue = 0
  let armed: Armed | undefined
  let due = 0
  let isStopped = false

  // The timer keeps running between chunks and checks the deadline when it fires: setting one for each chunk would cost
  // more than the chunk.
  const schedule = (delayMs: number) => {
    clearTimeout(timer)
    timerDue = performance.now() + delayMs
    timer = setTimeout(fire, delayMs)
  }
  const expire = ({ silence, timeoutMs, limit }: Armed) => {
    armed = undefined
    onExpire(new TimeoutError(`${silence} for ${timeoutMs} ms`, { limit, timeoutMs }))
  }
  const fire = () => {
    timer = undefined
    if (!armed) return
    const now = performance.now()
    if (!armed.isExtended && now - timerDue > Math.max(armed.timeoutMs / 4, leastPauseMs)) {
      armed.isExtended = true
      due = now + armed.timeoutMs
    }
    const left = due - now
    const early = left - (armed.sample ? armed.timeoutMs / 2 : 0)
    if (early > 0) schedule(early)
    else if (armed.sample) void look(armed, armed.sample)
    else expire(armed)
  }
  const look = async (looking: Armed, sample: Sample) => {
    const seen = await sample().catch(() => undefined)
    // The limit was armed again in the meantime, with its own timer.
    if (armed !== looking) return
    const left = due - performance.now()
    if (left <= 0 && (seen === undefined || seen === looking.seen)) {
      expire(looking)
      return
    }
    if (left <= 0) due = performance.now() + looking.timeoutMs
    looking.seen = seen
    schedule(Math.max(due - performance.now(), 0))
  }
  const rest = () => {
    armed = undefined
    clearTimeout(timer)
    timer = undefined
  }
  return {
    arm(limit, timeoutMs, silence, sample) {
      if (timeoutMs <= 0 || isStopped) {
        armed = undefined
        return
      }
      armed = { limit, timeoutMs, silence, sample }
      due = performance.now() + timeoutMs
      const firstLookMs = sample ? timeoutMs / 2 : timeoutMs
      if (timer === undefined || timerDue > due) schedule(firstLookMs)
    },
    disarm() {
      armed = undefined
    },
    rest,
    stop() {
      isStopped = true
      rest()
    },
  }
}
