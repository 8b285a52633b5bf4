/** Gives memory for so many bytes. */
export type ChunkMemory = (bytes: number) => Buffer

export const newMemory: ChunkMemory = (bytes) => Buffer.allocUnsafeSlow(bytes)

/**
 * The same memory over and over, for a reader that has at most two chunks while one is read ahead: an upload that took
 * new memory for each would have V8 look for garbage thirty times in each gigabyte.
 * @param most bytes of a chunk
 */
export function memoryInTurn(most: number): ChunkMemory {
  const buffers: Buffer[] = []
  return (bytes) => {
    const buffer = (buffers.length === 3 ? buffers.shift() : undefined) ?? newMemory(most)
    buffers.push(buffer)
    return buffer.subarray(0, bytes)
  }
}
