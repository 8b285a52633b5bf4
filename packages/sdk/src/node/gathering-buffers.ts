import { createLentBuffers } from './lent-buffers.js'
import { isShareable } from './memory-in-turn.js'
import type { ReceiveBuffers } from './receive-buffers.js'

const bufferBytes = 1024 * 1024
/** Each read gets at least this much room: many small ones at the end of a buffer would cost more than its rest. */
const leastReadBytes = 128 * 1024
const mostFree = 8

/** Receive buffers for bodies that are gathered. */
export interface GatheringBuffers extends ReceiveBuffers {
  /** Whether the bytes are in one of these buffers, next to what the same socket received before and after them. */
  hold(bytes: Uint8Array): boolean
}

/**
 * Each buffer is filled by several reads of one socket, one behind the other, so that large chunks need not be put
 * together. Threads can read it.
 */
export function createGatheringBuffers(): GatheringBuffers {
  const make = () => (isShareable ? new SharedArrayBuffer(bufferBytes) : new ArrayBuffer(bufferBytes))
  const buffers = createLentBuffers(make, mostFree)
  /** A buffer that is being filled counts as one more byte in use. */
  const begin = () => {
    const buffer = buffers.take()
    buffers.lend(buffer, 1)
    return buffer
  }
  return {
    onread(socketOf) {
      let current = begin()
      let at = 0
      return {
        buffer() {
          if (bufferBytes - at < leastReadBytes) {
            buffers.giveBack(current, 1)
            current = begin()
            at = 0
          }
          return new Uint8Array(current, at)
        },
        callback(count: number, { buffer, byteOffset }: Uint8Array) {
          at = byteOffset + count
          buffers.lend(buffer, count)
          return socketOf().push(Buffer.from(buffer as ArrayBuffer, byteOffset, count))
        },
      }
    },
    giveBack: ({ buffer, byteLength }) => buffers.giveBack(buffer, byteLength),
    hold: ({ buffer }) => buffers.isLent(buffer),
  }
}
