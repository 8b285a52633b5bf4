/** Tracks how much of a body has been sent, so that a reader does not run ahead of it. */
export interface Pace {
  /** All bytes up to here have been sent. */
  reach(bytes: number): void
  /** The reader no longer has to wait. */
  all(): void
  /** The reader has to stop. */
  stop(): void
  /** Resolves when a reader that has read this number of bytes may continue; false: it has to stop. */
  sent(bytes: number): Promise<boolean>
}

/** How far the reader may be ahead: one chunk of a Blob. */
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
