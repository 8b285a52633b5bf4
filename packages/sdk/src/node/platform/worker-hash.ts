import type { ChunkHash } from '../../platform/platform.js'
import { blockBytes, type HashBlocks } from './hash-blocks.js'
import { opensslName } from './hash-names.js'
import type { HashThreads } from './hash-threads.js'

/** Hashes beside the main thread: SHA-512 is slower than a good network, and both want a core. */
export function workerHash(algorithms: readonly string[], threads: HashThreads, blocks: HashBlocks): ChunkHash {
  let current: Uint8Array<ArrayBuffer> | undefined
  let filled = 0
  let sent = 0
  let failure: Error | undefined
  let isOver = false
  let settle: { resolve: (digests: Record<string, string>) => void; reject: (error: Error) => void } | undefined

  blocks.join()
  const names = algorithms.flatMap((algorithm) => {
    const name = opensslName(algorithm)
    return name === undefined ? [] : [[algorithm, name] as const]
  })
  const hash = threads.open(
    { names },
    {
      answer({ block, digests }) {
        if (digests) settle?.resolve(Object.fromEntries(digests))
        if (!block || isOver) return
        sent -= 1
        blocks.give(block)
      },
      fail(error) {
        failure ??= error
        settle?.reject(failure)
        blocks.wake()
      },
    },
  )

  const flush = () => {
    if (!current || filled === 0) return
    sent += 1
    hash.post({ block: current.buffer, length: filled }, [current.buffer])
    current = undefined
    filled = 0
  }
  const takeBlock = (): Uint8Array<ArrayBuffer> | undefined => {
    const block = blocks.take()
    return block && new Uint8Array(block)
  }
  /** Gives how far it came before all blocks were on their way. */
  const fill = (chunk: Uint8Array, from: number): number => {
    let offset = from
    while (offset < chunk.byteLength) {
      if (failure) throw failure
      current ??= takeBlock()
      if (!current) return offset
      const count = Math.min(chunk.byteLength - offset, blockBytes - filled)
      current.set(chunk.subarray(offset, offset + count), filled)
      filled += count
      offset += count
      if (filled === blockBytes) flush()
    }
    return offset
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
    blocks.leave(sent + (current ? 1 : 0))
    void hash.close()
  }

  return {
    update(chunk) {
      const offset = fill(chunk, 0)
      return offset === chunk.byteLength ? undefined : fillWaiting(chunk, offset)
    },
    async digest() {
      if (failure) throw failure
      flush()
      try {
        return await new Promise<Record<string, string>>((resolve, reject) => {
          settle = { resolve, reject }
          hash.post({ digest: true })
        })
      } finally {
        dispose()
      }
    },
    dispose,
  }
}
