import { memoryInTurn } from './memory-in-turn.js'
import type { ReceiveBuffers } from './receive-buffers.js'

/** Large chunks are passed on, hashed and sent with less work for each byte. */
const gatheredBytes = 1024 * 1024
/** The reader holds on to three, and one is being filled. */
const buffersInTurn = 4
/** A slow transfer keeps moving: what has been held for this time is passed on with the next bytes. */
const longestMs = 50

/**
 * The bytes in larger chunks, whose memory is used in turn, for a reader that holds on to at most the last three. The
 * memory that they arrived in is given back.
 */
export async function* gatheredChunks(
  data: AsyncIterable<Uint8Array>,
  buffers: ReceiveBuffers | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const memory = memoryInTurn(gatheredBytes, buffersInTurn)
  let current = memory(gatheredBytes)
  let from = 0
  let to = 0
  let passedOn = performance.now()
  for await (const chunk of data) {
    for (let taken = 0; taken < chunk.byteLength;) {
      const part = chunk.subarray(taken, taken + gatheredBytes - to)
      current.set(part, to)
      taken += part.byteLength
      to += part.byteLength
      if (to < gatheredBytes) break
      yield current.subarray(from)
      passedOn = performance.now()
      current = memory(gatheredBytes)
      from = 0
      to = 0
    }
    buffers?.giveBack(chunk)
    if (to > from && performance.now() - passedOn > longestMs) {
      // The rest of the memory is filled next, so that many small chunks are not many pieces of memory.
      yield current.subarray(from, to)
      passedOn = performance.now()
      from = to
    }
  }
  if (to > from) yield current.subarray(from, to)
}
