import { type Block, blockBytes, type SharedBlocks } from '@tyrax/hash-threads'

/** The progress of pieces that are being saved. */
export interface Saving {
  /** Resolves when the pieces have been written to the file. */
  readonly written: Promise<void>
  /** For each piece, resolves when its memory is no longer being read. Never rejects. */
  readonly looked: readonly Promise<void>[]
}

/** What {@link blockWriter} needs. */
export interface BlockWriterOptions {
  /** The offset in the file at which it begins. */
  readonly at: number
  readonly blocks: SharedBlocks
  /** Saves consecutive pieces. One call at a time. */
  readonly save: (at: number, pieces: readonly Block[]) => Saving
  /** Called when a chunk is no longer needed. */
  readonly release: (chunk: Uint8Array) => void
}

/** Writes bytes one after the other. */
export interface BlockWriter {
  /** If it returns a promise, wait for it before the next call. */
  write(chunk: Uint8Array): Promise<void> | undefined
  flush(): Promise<void>
}

interface Filled {
  readonly block: Block
  readonly piece: Block
}

/** Collects chunks into blocks that begin at multiples of their size, and saves full ones while more data arrives. */
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
  /** Returns how many bytes of the chunk were copied before no free block was left. */
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
