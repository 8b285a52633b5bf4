import type { Block } from './block.js'
import { updateCrc } from './crc.js'

const pieceBytes = 256 * 1024
const longestRun = 4 + 255

/**
 * Follows a block's thread and undoes its first step: after four equal bytes comes the number of further ones.
 * @returns the CRC of what was given
 */
export function* expand({ tt, count, first }: Block): Generator<Uint8Array, number> {
  let piece = new Uint8Array(pieceBytes + longestRun)
  let filled = 0
  let crc = -1
  let next = first
  let previous = -1
  let equal = 0
  for (let i = 0; i < count; i += 1) {
    const entry = tt[next] as number
    next = entry >>> 8
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
    if (filled >= pieceBytes) {
      crc = updateCrc(crc, piece, filled)
      yield piece.subarray(0, filled)
      piece = new Uint8Array(pieceBytes + longestRun)
      filled = 0
    }
  }
  crc = updateCrc(crc, piece, filled)
  if (filled > 0) yield piece.subarray(0, filled)
  return ~crc
}
