/** Background work on names, one at a time. */
export interface TurnTaker {
  /** Has the name worked on once those before it are done; one that is waiting already is not added again. */
  add(name: string): void
  /** Aborts what is running, and resolves when it has ended. The rest is dropped. */
  close(): Promise<void>
}

/** @param failed called with what `work` threw, except because of `close` */
export function runInTurn(
  work: (name: string, signal: AbortSignal) => Promise<void>,
  failed: (name: string, error: unknown) => void,
): TurnTaker {
  const waiting = new Set<string>()
  const closing = new AbortController()
  let running: Promise<void> | undefined

  const runAll = async () => {
    for (const name of waiting) {
      waiting.delete(name)
      await work(name, closing.signal).catch((error: unknown) => {
        if (!closing.signal.aborted) failed(name, error)
      })
      if (closing.signal.aborted) return
    }
  }

  return {
    add(name) {
      if (closing.signal.aborted) return
      waiting.add(name)
      running ??= runAll().finally(() => {
        running = undefined
      })
    },
    async close() {
      closing.abort()
      waiting.clear()
      await running
    },
  }
}
