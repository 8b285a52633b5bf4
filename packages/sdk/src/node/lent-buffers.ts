/** Buffers that are lent in pieces, and used again when all of their bytes have been given back. */
export interface LentBuffers {
  /** A free buffer, or a new one. */
  take(): ArrayBufferLike
  /** Lends this many further bytes of a buffer. */
  lend(buffer: ArrayBufferLike, bytes: number): void
  /** Buffers from elsewhere are ignored, so that bytes of unknown origin can be given back. */
  giveBack(buffer: ArrayBufferLike, bytes: number): void
  /** Takes back a buffer of which nothing has been lent. */
  keep(buffer: ArrayBufferLike): void
  isLent(buffer: ArrayBufferLike): boolean
}

/**
 * A buffer with bytes that are never given back is left to the garbage collector.
 * @param mostFree buffers kept; more are only needed at peaks
 */
export function createLentBuffers(make: () => ArrayBufferLike, mostFree: number): LentBuffers {
  const free: ArrayBufferLike[] = []
  /** How many bytes of each buffer are still in use. */
  const lent = new WeakMap<ArrayBufferLike, number>()
  const keep = (buffer: ArrayBufferLike) => {
    if (free.length < mostFree) free.push(buffer)
  }
  return {
    take: () => free.pop() ?? make(),
    lend(buffer, bytes) {
      lent.set(buffer, (lent.get(buffer) ?? 0) + bytes)
    },
    giveBack(buffer, bytes) {
      const out = lent.get(buffer)
      if (out === undefined) return
      if (out > bytes) {
        lent.set(buffer, out - bytes)
        return
      }
      lent.delete(buffer)
      keep(buffer)
    },
    keep,
    isLent: (buffer) => lent.has(buffer),
  }
}
