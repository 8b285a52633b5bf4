import { abortReason, throwIfAborted } from '../../transport/aborting.js'

/** Requests at once, of all waits together: a thousand waits must not become a thousand connections. */
const mostAtOnce = 16

interface Alarm {
  readonly at: number
  readonly ring: () => void
}

/** The pauses and requests of any number of waits: one timer for all of them, and few requests at once. */
export class PollClock {
  /** The next one last. */
  readonly #alarms: Alarm[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #timerAt = Number.POSITIVE_INFINITY
  #running = 0
  readonly #waiting: (() => void)[] = []

  /** Calls `ring` after that number of milliseconds. Returns what cancels it. */
  alarm(ms: number, ring: () => void): () => void {
    const alarm = { at: performance.now() + ms, ring }
    const place = this.#alarms.findLastIndex(({ at }) => at >= alarm.at) + 1
    this.#alarms.splice(place, 0, alarm)
    this.#setTimer()
    return () => {
      const index = this.#alarms.indexOf(alarm)
      if (index < 0) return
      this.#alarms.splice(index, 1)
      this.#setTimer()
    }
  }

  /** Waits, or throws the signal's error as soon as it aborts. */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(abortReason(signal))
        return
      }
      const onAbort = () => {
        cancel()
        if (signal) reject(abortReason(signal))
      }
      const cancel = this.alarm(ms, () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      })
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  /** Runs a request as soon as few enough others are running. */
  async turn<T>(request: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    if (this.#running >= mostAtOnce) await new Promise<void>((resolve) => void this.#waiting.push(resolve))
    else this.#running += 1
    try {
      throwIfAborted(signal)
      return await request()
    } finally {
      // The place of this request is handed over to the next one.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }

  #setTimer(): void {
    const next = this.#alarms.at(-1)?.at ?? Number.POSITIVE_INFINITY
    if (next === this.#timerAt) return
    clearTimeout(this.#timer)
    this.#timerAt = next
    this.#timer = next === Number.POSITIVE_INFINITY ? undefined : setTimeout(() => this.#ring(), delayUntil(next))
  }

  #ring(): void {
    this.#timerAt = Number.POSITIVE_INFINITY
    const now = performance.now()
    for (let last = this.#alarms.at(-1); last && last.at <= now; last = this.#alarms.at(-1)) {
      this.#alarms.pop()
      last.ring()
    }
    this.#setTimer()
  }
}

/** A timer cannot wait longer than this; it is set again then. */
const longestTimerMs = 2 ** 31 - 1

const delayUntil = (at: number): number => Math.min(Math.max(Math.ceil(at - performance.now()), 0), longestTimerMs)
