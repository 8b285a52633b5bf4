import type { FileHandle } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import type { Block, HashThreads } from '@tyrax/hash-threads'
import { TyraxError } from '../../errors/tyrax-error.js'
import { throwIfAborted } from '../../transport/aborting.js'
import { opensslName } from './hash-names.js'

/** The digest of a file that is still being written. It follows what has been written, in order. */
export interface FileHash {
  /** Reports that the first `bytes` have been written. Cheap. */
  reach(bytes: number): void
  /** Whether the hash is close enough to this offset to take the bytes there from memory. */
  follows(at: number): boolean
  /**
   * An alternative to `reach` for consecutive pieces, when everything before them has been written: they are hashed
   * from memory, without being read back. Returns a promise for each piece that resolves when its memory is no longer
   * needed.
   */
  hand(at: number, pieces: readonly Block[]): readonly Promise<void>[]
  /** The digest of the first `bytes`, which were reached. Call it once. @throws TyraxError when reading them fails */
  digest(bytes: number): Promise<string>
  /** Ends the hashing. The file may be closed once this resolves. Can be called twice. */
  dispose(): Promise<void>
}

/** How much is read back at once: large reads from a disk are faster. */
const readBytes = 2 * 1024 * 1024
/** The same for small files, where saving memory matters more. */
const laterBytes = 256 * 1024
/** How often progress is reported to the thread. */
const reachBytes = 1024 * 1024
/** Pieces further ahead of the digest are read back later: they would stay in memory for too long. */
const nearBytes = 16 * 1024 * 1024

/** Hashes off the main thread. */
export function threadFileHash(file: FileHandle, algorithm: string, threads: HashThreads): FileHash {
  let failure: Error | undefined
  let settle: { resolve: (digest: string) => void; reject: (error: Error) => void } | undefined
  let told = 0
  const hash = threads.open(
    { names: [[algorithm, opensslName(algorithm) ?? algorithm]], fd: file.fd, readBytes },
    {
      done: ([digest]) => settle?.resolve(digest?.[1] ?? ''),
      fail(error) {
        failure ??= new TyraxError(error.message, { cause: error.cause })
        settle?.reject(failure)
      },
    },
  )
  return {
    reach(bytes) {
      if (bytes - told < reachBytes) return
      told = bytes
      hash.post({ reach: bytes })
    },
    follows: (at) => !failure && at - hash.at <= nearBytes,
    hand(at, pieces) {
      told = at
      return pieces.map((piece) => {
        const looked = hash.hand(told, piece)
        told += piece.byteLength
        return looked
      })
    },
    digest: (bytes) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject }
        if (failure) reject(failure)
        else hash.post({ reach: bytes, digest: true })
      }),
    dispose: () => hash.close(),
  }
}

/** Hashes at the end, on the calling thread, for small files. */
export function laterFileHash(file: FileHandle, algorithm: string): FileHash {
  return {
    reach() {},
    follows: () => false,
    hand: () => [],
    async digest(bytes) {
      const hash = createHash(opensslName(algorithm) ?? algorithm)
      for await (const chunk of readBack(file, bytes)) hash.update(chunk)
      return hash.digest('hex')
    },
    async dispose() {},
  }
}

/** The first `bytes` of a file. The memory of a chunk is reused for the next one. */
export async function* readBack(
  file: FileHandle,
  bytes: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = Buffer.allocUnsafe(Math.min(bytes, laterBytes))
  for (let at = 0; at < bytes;) {
    throwIfAborted(signal)
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, bytes - at), at)
    if (bytesRead === 0) throw new TyraxError(`the file ends after ${at} bytes`)
    yield buffer.subarray(0, bytesRead)
    at += bytesRead
  }
}
