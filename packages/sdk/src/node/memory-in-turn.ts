/** Returns memory for this number of bytes. */
export type ChunkMemory = (bytes: number) => Buffer

export const newMemory: ChunkMemory = (bytes) => Buffer.allocUnsafeSlow(bytes)

/** Threads hash what is in shared memory without a copy. Elsewhere it cannot be read into or sent. */
export const isShareable = process.versions['bun'] === undefined && process.versions['deno'] === undefined

/**
 * Uses the same memory in turn, for a reader that holds on to a few chunks only. A transfer that used new memory for each
 * chunk would make V8 collect garbage thirty times per gigabyte.
 * @param most bytes of a chunk
 * @param count of buffers
 */
export function memoryInTurn(most: number, count: number): ChunkMemory {
  const buffers: Buffer[] = []
  const make = () => (isShareable ? Buffer.from(new SharedArrayBuffer(most)) : newMemory(most))
  return (bytes) => {
    const buffer = (buffers.length === count ? buffers.shift() : undefined) ?? make()
    buffers.push(buffer)
    return buffer.subarray(0, bytes)
  }
}
