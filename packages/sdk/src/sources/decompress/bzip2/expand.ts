import { updateCrc } from './crc.js'

const pieceBytes = 256 * 1024
const longestRun = 4 + 255

/** A decoded block, except for the initial run-length encoding; `tt` links its bytes in the order of the content. */
export interface Block {
  readonly count: number
  /** The byte in the lower eight bits, the index of the next one in the upper bits. */
  readonly tt: Uint32Array
  readonly first: number
}

/**
 * Follows the links of a block and undoes the initial run-length encoding: four equal bytes are followed by the number
 * of further ones.
 * @returns the CRC of the returned bytes; undefined for a block that ends within a run
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
  // The count after the last four equal bytes is missing.
  return state.equal === 4 ? undefined : ~crc
}

interface Progress {
  next: number
  /** How many bytes are left to decode. */
  left: number
  previous: number
  equal: number
}

/** Fills one chunk. A separate function, because generators are not optimised as well. @returns its length */
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
