import type { OnReadOpts, Socket } from 'node:net'

/** The most that one read from a socket returns. */
const bufferBytes = 128 * 1024
/** The number of buffers kept for reuse. More are only needed at peaks. */
const mostFree = 16

/**
 * Memory that sockets read into, reused once it is returned. Otherwise every chunk of a download has its own memory,
 * and V8 collects garbage forty times per gigabyte: up to a third of the time, on two processors.
 */
export interface ReceiveBuffers {
  /**
   * @internal For one socket: the memory to read into, and a callback that passes the data on.
   * @param socketOf returns the socket, because `this` is not the socket in Bun
   */
  onread(socketOf: () => Socket): OnReadOpts
  /**
   * Returns bytes that are no longer needed; call it once for each byte. A buffer is reused when all its bytes have
   * been returned. A buffer with bytes that are never returned, such as headers, is left to the garbage collector.
   * Bytes from elsewhere are ignored.
   */
  giveBack(bytes: Uint8Array): void
}

export function createReceiveBuffers(): ReceiveBuffers {
  const free: ArrayBufferLike[] = []
  /** How many bytes of each buffer are still in use. */
  const lent = new WeakMap<ArrayBufferLike, number>()
  const keep = (buffer: ArrayBufferLike) => {
    if (free.length < mostFree) free.push(buffer)
  }
  return {
    onread: (socketOf) => ({
      buffer: () => new Uint8Array(free.pop() ?? new ArrayBuffer(bufferBytes)),
      callback(count: number, { buffer }: Uint8Array) {
        const bytes = Buffer.from(buffer, 0, count)
        if (count < bufferBytes / 2) {
          // Otherwise a few bytes would keep a whole buffer in use.
          const copy = Buffer.from(bytes)
          keep(buffer)
          return socketOf().push(copy)
        }
        lent.set(buffer, count)
        return socketOf().push(bytes)
      },
    }),
    giveBack({ buffer, byteLength }) {
      const out = lent.get(buffer)
      if (out === undefined) return
      if (out > byteLength) {
        lent.set(buffer, out - byteLength)
        return
      }
      lent.delete(buffer)
      keep(buffer)
    },
  }
}
