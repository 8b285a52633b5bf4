import { updateCrc } from './crc.js'

const pieceBytes = 256 * 1024
const longestRun = 4 + 255

/** A block, decoded but for the run lengths of its beginning; `tt` threads its bytes in the order of the content. */
export interface Block {
  readonly count: number
  /** The byte in the lower eight bits, the index of the next one above. */
  readonly tt: Uint32Array
  readonly first: number
}

/**
 * Follows a block's thread and undoes its first step: after four equal bytes comes the number of further ones.
 * @returns the CRC of what was given; undefined for a block that ends within a run
 */
export function* expand(block: Block): Generator<Uint8Array, number | undefined> {
  const state: Progress = { next: block.first, left: block.count, previous: -1, equal: 0 }
  let crc = -1
  while (state.left > 0) {
    const piece = new Uint8Array(pieceBytes + longestRun)
    const filled = fill(piece, block.tt, state)
    crc = updateCrc(crc, piece, filled)
    if (filled > 0) yield piece.subarray(0, filled)
  }
  // The number is missing that the last four equal bytes announce.
  return state.equal === 4 ? undefined : ~crc
}

interface Progress {
  next: number
  /** How many bytes of the thread are still to be followed. */
  left: number
  previous: number
  equal: number
}

/** Fills one piece, in a function of its own because generators are not compiled as well. @returns its length */
function fill(piece: Uint8Array, tt: Uint32Array, state: Progress): number {
  let { next, left, previous, equal } = state
  let filled = 0
  while (left > 0 && filled < pieceBytes) {
    const entry = tt[next] as number
    next = entry >>> 8
    left -= 1
    const byte = entry & 0xff
    if (equal === 4) {
      piece.fill(previous, filled, filled + byte)
      filled += byte
      equal = 0
      previous = -1
    } else {
      equal = byte === previous ? equal + 1 : 1
      previous = byte
      piece[filled++] = byte
    }
  }
  state.next = next
  state.left = left
  state.previous = previous
  state.equal = equal
  return filled
}
