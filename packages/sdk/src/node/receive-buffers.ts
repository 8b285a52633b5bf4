import type { OnReadOpts, Socket } from 'node:net'

/** What one read from a socket can bring. */
const bufferBytes = 128 * 1024
/** What is kept for later. More than that were in use at once, and are not needed again soon. */
const mostFree = 16

/**
 * Memory that sockets read into, used again by those who give it back. Otherwise every piece of a download is memory
 * of its own, and V8 looks for garbage forty times in each gigabyte: up to a third of the time, on two processors.
 */
export interface ReceiveBuffers {
  /**
   * @internal For one socket: what to read into, and how it comes out of it.
   * @param socketOf the socket: in Bun `this` is none
   */
  onread(socketOf: () => Socket): OnReadOpts
  /**
   * Nobody looks at these bytes any more: once for each byte. A buffer is used again when all that came with it was given
   * back; one of which a byte never is, as of headers, is left to the garbage collector, like bytes from elsewhere.
   */
  giveBack(bytes: Uint8Array): void
}

export function createReceiveBuffers(): ReceiveBuffers {
  const free: ArrayBufferLike[] = []
  /** How many bytes of each buffer somebody may still look at. */
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
          // A buffer that is hardly filled would be held for that little.
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
