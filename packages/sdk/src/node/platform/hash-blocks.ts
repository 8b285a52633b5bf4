/** The size of each. */
export const blockBytes = 1024 * 1024
/** Of these, whoever hashes alone has a few on their way; more would only cost memory. */
const sharedBlocks = 4
const blocksEach = 2

/** Memory on its way to the threads that hash, shared by all transfers: eight of them need little more than one. */
export interface HashBlocks {
  join(): void
  /** @param lost blocks that will not come back */
  leave(lost: number): void
  /** One to fill, or undefined while all are on their way. */
  take(): ArrayBuffer | undefined
  give(block: ArrayBuffer): void
  /** Resolves when one was given back. */
  wait(): Promise<void>
  /** Has all who wait look again. */
  wake(): void
}

export function createHashBlocks(): HashBlocks {
  let users = 0
  let made = 0
  const free: ArrayBuffer[] = []
  let waiting: (() => void)[] = []
  const most = () => sharedBlocks + blocksEach * users
  const wake = () => {
    const all = waiting
    waiting = []
    for (const resolve of all) resolve()
  }
  return {
    join() {
      users += 1
    },
    leave(lost) {
      users -= 1
      made -= lost
      const kept = users === 0 ? 0 : most()
      while (free.length > 0 && made > kept) {
        free.pop()
        made -= 1
      }
      wake()
    },
    take() {
      const block = free.pop()
      if (block || made >= most()) return block
      made += 1
      return new ArrayBuffer(blockBytes)
    },
    give(block) {
      if (made > most()) made -= 1
      else free.push(block)
      wake()
    },
    wait: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
      }),
    wake,
  }
}
