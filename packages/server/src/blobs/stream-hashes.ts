import type { Block, HashThreads } from '@tyrax/hash-threads'
import { type HashAlgorithm, opensslName } from './hash-algorithms.js'

/** Computes the hashes of one stream of bytes, each on its own thread if there are enough threads. */
export interface StreamHashes {
  /** Takes the next bytes. They must not change until the promise resolves, because the threads read them. */
  update(bytes: Block): Promise<void>
  /** Lower-case hex by name. */
  digest(): Promise<Readonly<Partial<Record<HashAlgorithm, string>>>>
  /** Resolves when the threads no longer use any of its memory. */
  close(): Promise<void>
}

/** @param onError called when a thread has failed; there will be no digest */
export function startHashes(
  threads: HashThreads,
  names: readonly HashAlgorithm[],
  onError: (error: Error) => void,
): StreamHashes {
  const hashes = names.map((name) => startHash(threads, name, onError))
  let at = 0
  return {
    async update(bytes) {
      const from = at
      at += bytes.byteLength
      await Promise.all(hashes.map(({ thread }) => thread.hand(from, bytes)))
    },
    async digest() {
      const digests = hashes.map(async ({ name, digest }) => [name, await digest()] as const)
      return Object.fromEntries(await Promise.all(digests))
    },
    async close() {
      await Promise.all(hashes.map(({ thread }) => thread.close()))
    },
  }
}

function startHash(threads: HashThreads, name: HashAlgorithm, onError: (error: Error) => void) {
  let failure: Error | undefined
  let wanted: { readonly resolve: (digest: string) => void; readonly reject: (error: Error) => void } | undefined
  const thread = threads.open(
    { names: [[name, opensslName(name)]] },
    {
      done: ([digest]) => wanted?.resolve(digest?.[1] ?? ''),
      fail(error) {
        failure = error
        wanted?.reject(error)
        onError(error)
      },
    },
  )
  const digest = () =>
    new Promise<string>((resolve, reject) => {
      wanted = { resolve, reject }
      if (failure) reject(failure)
      else thread.post({ digest: true })
    })
  return { name, thread, digest }
}
