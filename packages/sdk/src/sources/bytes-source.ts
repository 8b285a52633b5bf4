import type { OpenOptions, Source } from './source.js'

/** Bytes are returned in chunks of this size, so that progress, hashing and aborting work. */
const pieceBytes = 1024 * 1024

/** Bytes in memory. */
export function fromBytes(bytes: Uint8Array, label = 'bytes'): Source {
  return {
    label,
    size: bytes.byteLength,
    replayable: true,
    async prepare() {},
    async *open({ start = 0 }: OpenOptions = {}) {
      for (let at = start; at < bytes.byteLength; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
    },
    // Copies memory that is shared with other threads, which a Blob does not accept.
    blob: async () => new Blob([isShared(bytes) ? new Uint8Array(bytes) : (bytes as Uint8Array<ArrayBuffer>)]),
    peek: async (length) => bytes.subarray(0, length),
  }
}

function isShared(bytes: Uint8Array): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && bytes.buffer instanceof SharedArrayBuffer
}
