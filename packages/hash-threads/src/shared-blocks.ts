/** The size of each block. */
export const blockBytes = 1024 * 1024
const pageBytes = 64 * 1024
/** How many blocks each transfer adds to the common ones: more would only use memory. */
const blocksEach = 2
/** How many blocks one memory may contain: it only reserves addresses until it is used. */
const mostInMemory = 1024

/** Memory shared with the threads. Where possible, its address is aligned for direct writes to a disk. */
export type Block = Uint8Array<SharedArrayBuffer>

/** Memory for data that is being written and hashed, shared by all transfers: eight need little more than one. */
export interface SharedBlocks {
  join(): void
  leave(): void
  /** A block to fill, or undefined while all are in use. */
  take(): Block | undefined
  give(block: Block): void
  /** Resolves when a block has been returned. */
  wait(): Promise<void>
  /** Resolves all pending calls of `wait`. */
  wake(): void
}

export interface SharedBlocksOptions {
  /** The number of blocks that all transfers share, in addition to two for each. @default 6 */
  readonly common?: number
  /** How many blocks are kept while there are no transfers. @default 8 */
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

/** WebAssembly's memory is aligned to a page of the processor; where it is not available, any memory is used. */
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
