import { type Block, blockBytes, type SharedBlocks } from '@tyrax/hash-threads'

/** What becomes of pieces that are to be saved. */
export interface Saving {
  /** They are in the file. */
  readonly written: Promise<void>
  /** For each of them: somebody else looks at its memory until this resolves. It never rejects. */
  readonly looked: readonly Promise<void>[]
}

/** How {@link blockWriter} gets its work done. */
export interface BlockWriterOptions {
  /** Where in the file it begins. */
  readonly at: number
  readonly blocks: SharedBlocks
  /** Saves pieces that follow each other. One call at a time. */
  readonly save: (at: number, pieces: readonly Block[]) => Saving
  /** Of a chunk nothing is needed any more. */
  readonly release: (chunk: Uint8Array) => void
}

/** Writes bytes one after the other. */
export interface BlockWriter {
  /** A promise means: wait for it before giving more. */
  write(chunk: Uint8Array): Promise<void> | undefined
  flush(): Promise<void>
}

interface Filled {
  readonly block: Block
  readonly piece: Block
}

/** Gathers chunks into blocks that begin at multiples of their size, and saves all that are full while more come. */
export function blockWriter({ at, blocks, save, release }: BlockWriterOptions): BlockWriter {
  let isUsing = false
  let current: Block | undefined
  let from = at % blockBytes
  let to = from
  let full: Filled[] = []
  let place = at
  let saving: Promise<void> | undefined
  let failure: unknown

  const giveBack = async ({ block }: Filled, looked?: Promise<void>) => {
    await looked
    blocks.give(block)
  }
  const saveBatch = async (batch: readonly Filled[]) => {
    if (failure !== undefined) {
      for (const each of batch) void giveBack(each)
      return
    }
    const pieces = batch.map(({ piece }) => piece)
    const { written, looked } = save(place, pieces)
    for (const { byteLength } of pieces) place += byteLength
    try {
      await written
    } catch (error) {
      failure = error
    }
    for (const [index, each] of batch.entries()) void giveBack(each, looked[index])
  }
  const saveFull = async () => {
    while (full.length > 0) {
      const batch = full
      full = []
      await saveBatch(batch)
    }
    saving = undefined
  }
  const finish = () => {
    if (!current) return
    full.push({ block: current, piece: current.subarray(from, to) })
    current = undefined
    from = 0
    to = 0
    saving ??= saveFull()
  }
  const take = (): Block | undefined => {
    if (!isUsing) blocks.join()
    isUsing = true
    return blocks.take()
  }
  const throwFailure = () => {
    if (failure !== undefined) throw failure
  }
  /** Gives how far it came before all blocks were on their way. */
  const fill = (chunk: Uint8Array, start: number): number => {
    throwFailure()
    let offset = start
    while (offset < chunk.byteLength) {
      current ??= take()
      if (!current) return offset
      const count = Math.min(chunk.byteLength - offset, blockBytes - to)
      current.set(chunk.subarray(offset, offset + count), to)
      offset += count
      to += count
      if (to === blockBytes) finish()
    }
    release(chunk)
    return offset
  }
  const fillWaiting = async (chunk: Uint8Array, start: number) => {
    for (let offset = start; offset < chunk.byteLength; offset = fill(chunk, offset)) await blocks.wait()
  }
  return {
    write(chunk) {
      const offset = fill(chunk, 0)
      return offset === chunk.byteLength ? undefined : fillWaiting(chunk, offset)
    },
    async flush() {
      finish()
      await saving
      if (isUsing) blocks.leave()
      isUsing = false
      throwFailure()
    },
  }
}
