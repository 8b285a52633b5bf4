/** How far a body has been sent, for a reader that must not run ahead of it. */
export interface Pace {
  /** All bytes up to here have left. */
  reach(bytes: number): void
  /** Nothing holds the reader up any more. */
  all(): void
  /** The reader is to end. */
  stop(): void
  /** Resolves when the reader, which has come so far, may go on; false: it is to end. */
  sent(bytes: number): Promise<boolean>
}

/** The reader may be one chunk of a Blob ahead. */
const aheadBytes = 1024 * 1024

export function createPace(): Pace {
  let reached = 0
  let isStopped = false
  let wake: () => void = () => undefined
  const mustWait = (bytes: number) => !isStopped && bytes > reached + aheadBytes
  return {
    reach(bytes) {
      reached = Math.max(reached, bytes)
      wake()
    },
    all() {
      reached = Number.POSITIVE_INFINITY
      wake()
    },
    stop() {
      isStopped = true
      wake()
    },
    async sent(bytes) {
      while (mustWait(bytes)) {
        await new Promise<void>((resolve) => (wake = resolve))
      }
      return !isStopped
    },
  }
}
