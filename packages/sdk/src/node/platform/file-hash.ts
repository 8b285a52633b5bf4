import type { FileHandle } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { TyraxError } from '../../errors/tyrax-error.js'
import { opensslName } from './hash-names.js'

/** The digest of a file that is still being written: follows what has been written, in order. */
export interface FileHash {
  /** The first `bytes` have been written. Cheap. */
  reach(bytes: number): void
  /** The digest of the first `bytes`, which have been reached. Once. @throws TyraxError when they cannot be read */
  digest(bytes: number): Promise<string>
  /** Ends it. The file may be closed once this resolves. Safe twice. */
  dispose(): Promise<void>
}

/** Small enough that what was read is still in the processor's cache when it is hashed. */
const readBytes = 256 * 1024
/** How often the worker is told. */
const reachBytes = 1024 * 1024

/**
 * Runs in the worker. It reads what was just written back from the page cache, which costs less than to hand every byte
 * from thread to thread, and keeps no memory however far the digest is behind.
 */
const workerCode = `
const { parentPort, workerData } = require('node:worker_threads')
const { readSync } = require('node:fs')
const hash = require('node:crypto').createHash(workerData.name)
const buffer = Buffer.allocUnsafeSlow(workerData.readBytes)
let at = 0
parentPort.on('message', ({ reach, digest }) => {
  while (at < reach) {
    const count = readSync(workerData.fd, buffer, 0, Math.min(buffer.length, reach - at), at)
    if (count === 0) throw new Error('the file ends after ' + at + ' bytes')
    hash.update(count === buffer.length ? buffer : buffer.subarray(0, count))
    at += count
  }
  if (digest) parentPort.postMessage(hash.digest('hex'))
})
`

/** Hashes beside the main thread. */
export function workerFileHash(file: FileHandle, algorithm: string): FileHash {
  const worker = new Worker(workerCode, {
    eval: true,
    workerData: { fd: file.fd, name: opensslName(algorithm), readBytes },
    execArgv: [],
  })
  let failure: Error | undefined
  let settle: { resolve: (digest: string) => void; reject: (error: Error) => void } | undefined
  let told = 0
  const fail = (cause: unknown) => {
    failure ??= new TyraxError('the thread that hashes ended before its time', { cause })
    settle?.reject(failure)
  }
  worker.on('message', (digest: string) => settle?.resolve(digest))
  worker.on('error', fail)
  worker.on('exit', (code) => fail(new Error(`exit code ${code}`)))
  let ended: Promise<unknown> | undefined
  return {
    reach(bytes) {
      if (bytes - told < reachBytes) return
      told = bytes
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage({ reach: bytes })
    },
    digest: (bytes) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject }
        if (failure) reject(failure)
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        else worker.postMessage({ reach: bytes, digest: true })
      }),
    async dispose() {
      worker.removeAllListeners()
      worker.on('error', () => undefined)
      ended ??= worker.terminate()
      await ended
    },
  }
}

/** Hashes at the end, on the calling thread: for small files. */
export function laterFileHash(file: FileHandle, algorithm: string): FileHash {
  return {
    reach() {},
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
