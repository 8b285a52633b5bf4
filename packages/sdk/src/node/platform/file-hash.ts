import type { FileHandle } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { TyraxError } from '../../errors/tyrax-error.js'
import { opensslName } from './hash-names.js'
import type { ReceiveBuffers } from '../receive-buffers.js'
import type { HashThreads } from './hash-threads.js'

/** The digest of a file that is still being written: follows what has been written, in order. */
export interface FileHash {
  /** The first `bytes` have been written. Cheap. */
  reach(bytes: number): void
  /**
   * These chunks, and all before them, have been written: they at `at`. Nobody else looks at them any more, so they are
   * hashed as they are, without being read back, if that comes about soon; the promise is for the end of that. Undefined
   * when it leaves them to the caller.
   */
  handOver(at: number, chunks: readonly Uint8Array[]): Promise<void> | undefined
  /** The digest of the first `bytes`, which have been reached. Once. @throws TyraxError when they cannot be read */
  digest(bytes: number): Promise<string>
  /** Ends it. The file may be closed once this resolves. Safe twice. */
  dispose(): Promise<void>
}

/** Small enough that what was read is still in the processor's cache when it is hashed. */
const readBytes = 256 * 1024
/** How often the worker is told. */
const reachBytes = 1024 * 1024
/** Whatever is further ahead of the digest is read back when its turn comes: it would keep memory for too long. */
const nearBytes = 16 * 1024 * 1024

/** Some of the file's bytes, in memory. */
interface Piece {
  readonly at: number
  readonly buffer: ArrayBuffer
  readonly offset: number
  readonly length: number
}

/** What the thread looks at, up to `end` of the file. */
interface Handed {
  readonly end: number
  readonly resolve: () => void
}

/** Hashes beside the main thread. */
export function threadFileHash(
  file: FileHandle,
  algorithm: string,
  threads: HashThreads,
  buffers?: ReceiveBuffers,
): FileHash {
  let failure: Error | undefined
  let settle: { resolve: (digest: string) => void; reject: (error: Error) => void } | undefined
  let told = 0
  let hashed = 0
  let handed: Handed[] = []
  const reach = (bytes: number) => {
    if (bytes - told < reachBytes) return
    told = bytes
    hash.post({ reach: bytes })
  }
  const passed = (place: number) => {
    hashed = place
    for (const { end, resolve } of handed) if (end <= place) resolve()
    handed = handed.filter(({ end }) => end > place)
  }
  const hash = threads.open(
    { names: [[algorithm, opensslName(algorithm) ?? algorithm]], fd: file.fd, readBytes },
    {
      answer({ digests, at, buffers: back = [] }) {
        for (const buffer of back) buffers?.put(buffer)
        if (at !== undefined) passed(at)
        if (digests) settle?.resolve(digests[0]?.[1] ?? '')
      },
      fail(error) {
        failure ??= error
        passed(Number.POSITIVE_INFINITY)
        settle?.reject(failure)
      },
    },
  )
  return {
    reach,
    handOver(at, chunks) {
      if (!buffers || failure || at - hashed > nearBytes) return undefined
      const pieces: Piece[] = []
      let end = at
      for (const chunk of chunks) {
        const buffer = buffers.take(chunk)
        if (buffer) pieces.push({ at: end, buffer, offset: chunk.byteOffset, length: chunk.byteLength })
        end += chunk.byteLength
      }
      if (pieces.length === 0) return Promise.resolve()
      hash.post(
        { reach: end, pieces },
        pieces.map(({ buffer }) => buffer),
      )
      told = end
      return new Promise((resolve) => {
        handed.push({ end, resolve })
      })
    },
    digest: (bytes) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject }
        if (failure) reject(failure)
        else hash.post({ reach: bytes, digest: true })
      }),
    async dispose() {
      await hash.close()
      passed(Number.POSITIVE_INFINITY)
    },
  }
}

/** Hashes at the end, on the calling thread: for small files. */
export function laterFileHash(file: FileHandle, algorithm: string): FileHash {
  return {
    reach() {},
    handOver: () => undefined,
    async digest(bytes) {
      const hash = createHash(opensslName(algorithm) ?? algorithm)
      const buffer = Buffer.allocUnsafe(Math.min(bytes, readBytes))
      for (let at = 0; at < bytes;) {
        const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, bytes - at), at)
        if (bytesRead === 0) throw new TyraxError(`the file ends after ${at} bytes`)
        hash.update(buffer.subarray(0, bytesRead))
        at += bytesRead
      }
      return hash.digest('hex')
    },
    async dispose() {},
  }
}
