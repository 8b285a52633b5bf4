/** Takes bytes from a source in pieces of the wanted length. */
export interface ByteReader {
  /** That number of bytes, fewer at the end. */
  read(length: number): Promise<Buffer>
  /** At least one byte and at most that number, as they arrive; undefined at the end. */
  some(most: number): Promise<Uint8Array | undefined>
  /** Passes over bytes. @returns false when the source ends before */
  skip(length: number): Promise<boolean>
  close(): Promise<void>
}

export function createByteReader(source: AsyncIterable<Uint8Array>): ByteReader {
  const iterator = source[Symbol.asyncIterator]()
  let held: Uint8Array = new Uint8Array(0)

  const some: ByteReader['some'] = async (most) => {
    while (held.length === 0) {
      const next = await iterator.next()
      if (next.done) return undefined
      held = next.value
    }
    const taken = held.subarray(0, most)
    held = held.subarray(taken.length)
    return taken
  }

  const read: ByteReader['read'] = async (length) => {
    const pieces: Uint8Array[] = []
    for (let left = length; left > 0;) {
      const piece = await some(left)
      if (piece === undefined) break
      pieces.push(piece)
      left -= piece.length
    }
    return Buffer.concat(pieces)
  }

  return {
    some,
    read,
    async skip(length) {
      for (let left = length; left > 0;) {
        const piece = await some(left)
        if (piece === undefined) return false
        left -= piece.length
      }
      return true
    },
    async close() {
      await iterator.return?.()
    },
  }
}
