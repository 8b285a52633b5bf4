/** The size of each. */
export const blockBytes = 1024 * 1024
const pageBytes = 64 * 1024
/** What each transfer adds to those: more would only cost memory. */
const blocksEach = 2
/** What one memory may come to: it only takes addresses until it is used. */
const mostInMemory = 1024

/** Memory that the threads see too. It lies at an address that disks can be written from, where that can be had. */
export type Block = Uint8Array<SharedArrayBuffer>

/** Memory on its way to disks and to the threads that hash, shared by all transfers: eight need little more than one. */
export interface SharedBlocks {
  join(): void
  leave(): void
  /** One to fill, or undefined while all are on their way. */
  take(): Block | undefined
  give(block: Block): void
  /** Resolves when one was given back. */
  wait(): Promise<void>
  /** Has all who wait look again. */
  wake(): void
}

export interface SharedBlocksOptions {
  /** What all transfers have together, on top of two for each. @default 6 */
  readonly common?: number
  /** How many are kept while there are no transfers. @default 8 */
  readonly mostIdle?: number
}

export function createSharedBlocks({ common = 6, mostIdle = 8 }: SharedBlocksOptions = {}): SharedBlocks {
  let users = 0
  let made = 0
  let make = blockMaker()
  let free: Block[] = []
  let waiting: (() => void)[] = []
  const wake = () => {
    const all = waiting
    waiting = []
    for (const resolve of all) resolve()
  }
  const forget = () => {
    if (users > 0 || free.length < made || made <= mostIdle) return
    made = 0
    make = blockMaker()
    free = []
  }
  return {
    join() {
      users += 1
    },
    leave() {
      users -= 1
      forget()
      wake()
    },
    take() {
      const block = free.pop()
      if (block || made >= common + blocksEach * users) return block
      made += 1
      return make()
    },
    give(block) {
      free.push(block)
      forget()
      wake()
    },
    wait: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
      }),
    wake,
  }
}

/** WebAssembly's memory begins with a page of the processor's; where there is none of it, any memory does. */
function blockMaker(): () => Block {
  let memory: WebAssembly.Memory | undefined
  let used = 0
  const grow = (): Block => {
    const pages = blockBytes / pageBytes
    if (memory) memory.grow(pages)
    else memory = new WebAssembly.Memory({ initial: pages, maximum: mostInMemory * pages, shared: true })
    const block = new Uint8Array(memory.buffer as unknown as SharedArrayBuffer, used, blockBytes)
    used += blockBytes
    return block
  }
  return () => {
    try {
      return grow()
    } catch {
      return new Uint8Array(new SharedArrayBuffer(blockBytes))
    }
  }
}
