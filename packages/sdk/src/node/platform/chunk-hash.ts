import { createHash, type Hash } from 'node:crypto'
import { type Block, blockBytes, type Digests, type HashThreads, type SharedBlocks } from '@tyrax/hash-threads'
import { digestRecord } from '../../hashing/digest-record.js'
import type { ChunkHash } from '../../platform/platform.js'
import { opensslName } from './hash-names.js'
import { TyraxError } from '../../errors/tyrax-error.js'

/** Hashes on the calling thread, for small amounts of data. */
export function inlineHash(algorithms: readonly string[]): ChunkHash {
  const hashes = new Map<string, Hash>()
  for (const algorithm of algorithms) {
    const name = opensslName(algorithm)
    if (name !== undefined) hashes.set(algorithm, createHash(name))
  }
  return {
    update(chunk) {
      for (const hash of hashes.values()) hash.update(chunk)
    },
    digest: async () => digestRecord([...hashes].map(([algorithm, hash]) => [algorithm, hash.digest('hex')])),
    dispose() {},
  }
}

/** How many chunks in shared memory the thread may still have to read. */
const mostShared = 2

const isShared = (chunk: Uint8Array): chunk is Block => chunk.buffer instanceof SharedArrayBuffer

/** Hashes off the main thread: SHA-512 is slower than a fast network, and each of them needs a core. */
export function workerHash(algorithms: readonly string[], threads: HashThreads, blocks: SharedBlocks): ChunkHash {
  let current: Block | undefined
  let filled = 0
  let handed = 0
  let failure: Error | undefined
  let isOver = false
  let settle: { resolve: (digests: Digests) => void; reject: (error: Error) => void } | undefined

  /** Resolve when the thread has read the chunks that were not copied. */
  const reading: Promise<void>[] = []

  blocks.join()
  const names = algorithms.flatMap((algorithm) => {
    const name = opensslName(algorithm)
    return name === undefined ? [] : [[algorithm, name] as const]
  })
  const hash = threads.open(
    { names },
    {
      done: (digests) => settle?.resolve(digests),
      fail(error) {
        failure ??= new TyraxError(error.message, { cause: error.cause })
        settle?.reject(failure)
        blocks.wake()
      },
    },
  )

  const hand = async (block: Block, bytes: Block) => {
    await hash.hand(handed, bytes)
    blocks.give(block)
  }
  const flush = () => {
    if (!current) return
    void hand(current, current.subarray(0, filled))
    handed += filled
    current = undefined
    filled = 0
  }
  /** Returns how many bytes of the chunk were copied before no free block was left. */
  const fill = (chunk: Uint8Array, from: number): number => {
    let offset = from
    while (offset < chunk.byteLength) {
      if (failure) throw failure
      current ??= blocks.take()
      if (!current) return offset
      const count = Math.min(chunk.byteLength - offset, blockBytes - filled)
      current.set(chunk.subarray(offset, offset + count), filled)
      filled += count
      offset += count
      if (filled === blockBytes) flush()
    }
    return offset
  }
  /** Passes on the chunk itself, and waits while more than two are being read. */
  const share = (chunk: Block): Promise<void> | undefined => {
    if (failure) throw failure
    flush()
    reading.push(hash.hand(handed, chunk))
    handed += chunk.byteLength
    return reading.length > mostShared ? reading.shift() : undefined
  }
  const fillWaiting = async (chunk: Uint8Array, from: number) => {
    let offset = from
    while (offset < chunk.byteLength) {
      await blocks.wait()
      if (isOver) return
      offset = fill(chunk, offset)
    }
  }
  const dispose = () => {
    if (isOver) return
    isOver = true
    if (current) blocks.give(current)
    current = undefined
    blocks.leave()
    void hash.close()
  }

  return {
    update(chunk) {
      if (isShared(chunk)) return share(chunk)
      const offset = fill(chunk, 0)
      return offset === chunk.byteLength ? undefined : fillWaiting(chunk, offset)
    },
    async digest() {
      if (failure) throw failure
      flush()
      try {
        return digestRecord(
          await new Promise<Digests>((resolve, reject) => {
            settle = { resolve, reject }
            hash.post({ digest: true })
          }),
        )
      } finally {
        dispose()
      }
    },
    dispose,
  }
}
