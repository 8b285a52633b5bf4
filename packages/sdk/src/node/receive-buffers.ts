import type { OnReadOpts, Socket } from 'node:net'

/** What one read from a socket can bring. */
const bufferBytes = 128 * 1024
/** What is kept for later. More than that were in use at once, and are not needed again soon. */
const mostFree = 64

/**
 * Memory that sockets read into, used again by those who give it back. Otherwise every piece of a download is memory
 * of its own, and V8 looks for garbage forty times in each gigabyte: up to a third of the time, on two processors.
 */
export interface ReceiveBuffers {
  /** For sockets: what to read into, and how it comes out of them. */
  readonly onread: OnReadOpts
  /**
   * Nobody looks at these bytes any more: once for each byte. A buffer is used again when all that came with it was given
   * back; one of which a byte never is, as of headers, is left to the garbage collector, like bytes from elsewhere.
   */
  giveBack(bytes: Uint8Array): void
  /** Instead of `giveBack`: gives the whole buffer, to transfer it say, when that was the last of it. */
  take(bytes: Uint8Array): ArrayBuffer | undefined
  /** Returns a buffer that was taken, or what became of it by transfer. */
  put(buffer: ArrayBuffer): void
}

export function createReceiveBuffers(): ReceiveBuffers {
  const free: ArrayBuffer[] = []
  /** How many bytes of each buffer somebody may still look at. */
  const lent = new WeakMap<ArrayBufferLike, number>()
  const put = (buffer: ArrayBuffer) => {
    if (free.length < mostFree) free.push(buffer)
  }
  const take = ({ buffer, byteLength }: Uint8Array): ArrayBuffer | undefined => {
    const out = lent.get(buffer)
    if (out === undefined) return undefined
    if (out > byteLength) {
      lent.set(buffer, out - byteLength)
      return undefined
    }
    lent.delete(buffer)
    return buffer as ArrayBuffer
  }
  return {
    onread: {
      buffer: () => new Uint8Array(free.pop() ?? new ArrayBuffer(bufferBytes)),
      callback(this: Socket, count: number, { buffer }: Uint8Array<ArrayBuffer>) {
        const bytes = Buffer.from(buffer, 0, count)
        if (count < bufferBytes / 2) {
          // A buffer that is hardly filled would be held for that little.
          const copy = Buffer.from(bytes)
          put(buffer)
          return this.push(copy)
        }
        lent.set(buffer, count)
        return this.push(bytes)
      },
    },
    giveBack(bytes) {
      const buffer = take(bytes)
      if (buffer) put(buffer)
    },
    take,
    put,
  }
}
