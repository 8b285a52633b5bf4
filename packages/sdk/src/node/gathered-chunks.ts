import type { GatheringBuffers } from './gathering-buffers.js'
import { memoryInTurn } from './memory-in-turn.js'

/** Large chunks are passed on, hashed and sent with less work for each byte. */
const gatheredBytes = 1024 * 1024
/** The most chunks that the reader holds on to. */
const mostHeld = 3
/** A socket still has to send less than its high-water mark, 64 KiB, when it asks for more: that may be many chunks. */
const leastHeldBytes = 256 * 1024
/** A slow transfer keeps moving: what has been held for this time is passed on with the next bytes. */
const longestMs = 50

/**
 * The bytes in larger chunks, whose memory is used in turn, for a reader that holds on to at most the last three. What
 * is in gathering buffers stays where it is, and is given back to them.
 */
export async function* gatheredChunks(
  data: AsyncIterable<Uint8Array>,
  buffers: GatheringBuffers | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const held: Uint8Array[] = []
  let heldBytes = 0
  for await (const chunk of joined(inRow(data, buffers))) {
    yield chunk
    held.push(chunk)
    heldBytes += chunk.byteLength
    for (let [oldest] = held; oldest && held.length > mostHeld; [oldest] = held) {
      if (heldBytes - oldest.byteLength < leastHeldBytes) break
      held.shift()
      heldBytes -= oldest.byteLength
      buffers?.giveBack(oldest)
    }
  }
}

/** The bytes in memory where one chunk follows the other: what arrived elsewhere is copied. */
async function* inRow(
  data: AsyncIterable<Uint8Array>,
  buffers: GatheringBuffers | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  // One is being filled, in addition to those that the reader holds on to.
  const memory = memoryInTurn(gatheredBytes, mostHeld + 1)
  let current: Uint8Array = new Uint8Array()
  let at = 0
  for await (const chunk of data) {
    if (buffers?.hold(chunk)) {
      yield chunk
      continue
    }
    for (let taken = 0; taken < chunk.byteLength;) {
      if (at === current.byteLength) {
        current = memory(gatheredBytes)
        at = 0
      }
      const part = chunk.subarray(taken, taken + current.byteLength - at)
      current.set(part, at)
      yield current.subarray(at, at + part.byteLength)
      taken += part.byteLength
      at += part.byteLength
    }
  }
}

/** Joins chunks that follow each other in memory, up to its end. */
async function* joined(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let passedOn = performance.now()
  let waiting: Uint8Array | undefined
  for await (const chunk of chunks) {
    if (waiting && !follows(chunk, waiting)) {
      yield waiting
      passedOn = performance.now()
      waiting = undefined
    }
    waiting = waiting ? around(waiting, chunk) : chunk
    if (endOf(waiting) === waiting.buffer.byteLength || performance.now() - passedOn > longestMs) {
      yield waiting
      passedOn = performance.now()
      waiting = undefined
    }
  }
  if (waiting) yield waiting
}

const endOf = ({ byteOffset, byteLength }: Uint8Array) => byteOffset + byteLength

const follows = (chunk: Uint8Array, before: Uint8Array) =>
  chunk.buffer === before.buffer && chunk.byteOffset === endOf(before)

const around = (first: Uint8Array, last: Uint8Array) =>
  new Uint8Array(first.buffer, first.byteOffset, first.byteLength + last.byteLength)
