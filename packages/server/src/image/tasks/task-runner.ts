/** Work that continues after the request that started it. */
export type BackgroundWork = (signal: AbortSignal) => Promise<void>

/** The owner of running work. A few pieces run at the same time, the others wait. */
export interface TaskRunner {
  /** Starts the work after the current request, or when it is its turn. It handles its own errors. */
  start(work: BackgroundWork): void
  /** Whether any work is running or waiting. */
  isBusy(): boolean
  /** Aborts all work, and resolves once every piece has ended. Work that is started later is aborted at once. */
  close(): Promise<void>
}

/** @param most pieces of work that run at the same time; Glance's pool of threads has 16 */
export function createTaskRunner(most = 16): TaskRunner {
  const ending = new AbortController()
  const waiting: BackgroundWork[] = []
  const running = new Set<Promise<void>>()
  const startNext = () => {
    while (running.size < most) {
      const work = waiting.shift()
      if (work === undefined) return
      const ended: Promise<void> = new Promise<void>((resolve) => setImmediate(resolve))
        .then(() => work(ending.signal))
        .finally(() => {
          running.delete(ended)
          startNext()
        })
      running.add(ended)
    }
  }
  return {
    start(work) {
      waiting.push(work)
      startNext()
    },
    isBusy: () => running.size + waiting.length > 0,
    async close() {
      ending.abort(new Error('The server was stopped.'))
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}
