import { TimeoutError } from '../errors/connection-errors.js'

/** A look at something that changes while bytes move; undefined where it cannot be seen. */
export type Sample = () => Promise<number | undefined>

interface Armed {
  readonly limit: TimeoutError['limit']
  readonly timeoutMs: number
  readonly silence: string
  readonly sample: Sample | undefined
  /** The last look. */
  seen?: number | undefined
  isExtended?: boolean
}

/**
 * A timer that fires later than this, and later than a quarter of its limit, says that this process was suspended or
 * starved, not that the peer was silent: what arrived meanwhile is still to be read. The limit then starts again, once.
 */
const leastPauseMs = 50

/** One timer that ends an exchange when nothing moves for too long. At most one limit runs at a time. */
export interface Watchdog {
  /**
   * Starts counting anew. 0 counts nothing. Cheap: called for every chunk.
   * @param sample what nobody tells of by itself, such as the length of the kernel's send queue: looked at halfway and
   * at the end, and when it has changed the counting starts anew
   */
  arm(limit: TimeoutError['limit'], timeoutMs: number, silence: string, sample?: Sample): void
  /** Stops counting, until armed again. Cheap: the timer is left running. */
  disarm(): void
  /** Stops counting and lets go of the timer, until armed again: after an answer whose body may never be read. */
  rest(): void
  /** Lets go of the timer, for good: the sending may end later than its exchange, and must not start another. */
  stop(): void
}

/** `onExpire` gets the error to end with; it is called at most once per `arm`. */
export function createWatchdog(onExpire: (error: TimeoutError) => void): Watchdog {
  let timer: ReturnType<typeof setTimeout> | undefined
  let timerDue = 0
  let armed: Armed | undefined
  let due = 0
  let isStopped = false

  // The timer is left running between chunks and looks at the deadline when it fires: setting one for each chunk would
  // cost more than the chunk.
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
    // Armed anew in the meantime, with a timer of its own.
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
