import type { OnReadOpts, Socket } from 'node:net'
import { createLentBuffers } from './lent-buffers.js'

/** The most that one read from a socket returns. */
const bufferBytes = 128 * 1024
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

/** For readers of any kind: chunks that are too small to be given back are copied. */
export function createReceiveBuffers(): ReceiveBuffers {
  const buffers = createLentBuffers(() => new ArrayBuffer(bufferBytes), mostFree)
  return {
    onread: (socketOf) => ({
      buffer: () => new Uint8Array(buffers.take()),
      callback(count: number, { buffer }: Uint8Array) {
        const bytes = Buffer.from(buffer, 0, count)
        if (count < bufferBytes / 2) {
          // Otherwise a few bytes would keep a whole buffer in use.
          const copy = Buffer.from(bytes)
          buffers.keep(buffer)
          return socketOf().push(copy)
        }
        buffers.lend(buffer, count)
        return socketOf().push(bytes)
      },
    }),
    giveBack: ({ buffer, byteLength }) => buffers.giveBack(buffer, byteLength),
  }
}
