import { Worker } from 'node:worker_threads'
import type { ChunkHash } from '../../platform/platform.js'
import { TyraxError } from '../../errors/tyrax-error.js'
import { opensslName } from './hash-names.js'

/** One block of bytes on its way to the worker. */
const blockBytes = 1024 * 1024
/** Blocks in flight; more would only cost memory, since the network is rarely faster than the digest. */
const blockCount = 6

/**
 * Runs in the worker. Blocks come and go by transfer, so that no byte is copied between threads a second time.
 * CommonJS text, because a worker made from a file would have to be found again by every bundler.
 */
const workerCode = `
const { parentPort, workerData } = require('node:worker_threads')
const { createHash } = require('node:crypto')
const hashes = workerData.map(([algorithm, name]) => [algorithm, createHash(name)])
parentPort.on('message', (message) => {
  if (message === 'digest') {
    parentPort.postMessage({ digests: hashes.map(([algorithm, hash]) => [algorithm, hash.digest('hex')]) })
    return
  }
  const bytes = new Uint8Array(message.block, 0, message.length)
  for (const [, hash] of hashes) hash.update(bytes)
  parentPort.postMessage({ block: message.block }, [message.block])
})
`

type Answer = { block: ArrayBuffer } | { digests: [string, string][] }

/** Hashes beside the main thread: SHA-512 is slower than a good network, and both want a core. */
export function workerHash(algorithms: readonly string[]): ChunkHash {
  const names = algorithms.map((algorithm) => [algorithm, opensslName(algorithm)] as const)
  const worker = new Worker(workerCode, {
    eval: true,
    workerData: names.filter(([, name]) => name !== undefined),
    execArgv: [],
  })
  const free: ArrayBuffer[] = []
  let made = 0
  let current: Uint8Array<ArrayBuffer> | undefined
  let filled = 0
  let failure: Error | undefined
  let wakeUpdate: (() => void) | undefined
  let settleDigest: { resolve: (digests: Record<string, string>) => void; reject: (error: Error) => void } | undefined

  const fail = (cause: unknown) => {
    failure ??= new TyraxError('the thread that hashes ended before its time', { cause })
    settleDigest?.reject(failure)
    wakeUpdate?.()
  }
  worker.on('message', (answer: Answer) => {
    if ('digests' in answer) settleDigest?.resolve(Object.fromEntries(answer.digests))
    else free.push(answer.block)
    wakeUpdate?.()
  })
  worker.on('error', fail)
  worker.on('exit', (code) => fail(new Error(`exit code ${code}`)))

  const flush = () => {
    if (!current || filled === 0) return
    worker.postMessage({ block: current.buffer, length: filled }, [current.buffer])
    current = undefined
    filled = 0
  }
  /** A block to fill, or undefined when all of them are with the worker. */
  const takeBlock = (): Uint8Array<ArrayBuffer> | undefined => {
    const block = free.pop()
    if (block) return new Uint8Array(block)
    if (made === blockCount) return undefined
    made += 1
    return new Uint8Array(blockBytes)
  }
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
      await new Promise<void>((resolve) => {
        wakeUpdate = resolve
      })
      wakeUpdate = undefined
      offset = fill(chunk, offset)
    }
  }
  const dispose = () => {
    worker.removeAllListeners()
    void worker.terminate()
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
          settleDigest = { resolve, reject }
          // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
          worker.postMessage('digest')
        })
      } finally {
        dispose()
      }
    },
    dispose,
  }
}
