import { crc32 } from 'node:zlib'
import { BitReader } from '../dist/sources/decompress/bzip2/bits.js'
import { readBlock } from '../dist/sources/decompress/bzip2/block.js'
import { expand } from '../dist/sources/decompress/bzip2/expand.js'

/**
 * A damaged file whose checksums match again as far as it can be followed, so that what lies behind them is reached.
 * zstd's are at the end of its frames, and most of its files are made without.
 */
export function resealed(compression, bytes) {
  const result = Buffer.from(bytes)
  if (compression === 'xz') resealXz(result)
  else if (compression === 'bzip2') resealBzip2(result)
  return result
}

/** The CRC32 of the stream's header, of the first block's header, of the index and of the footer. */
function resealXz(bytes) {
  const seal = (from, to, at) => {
    if (from >= 0 && to > from && at >= 0 && at + 4 <= bytes.byteLength)
      bytes.writeUInt32LE(crc32(bytes.subarray(from, to)), at)
  }
  if (bytes.byteLength < 32) return
  seal(6, 8, 8)
  const header = (bytes.readUInt8(12) + 1) * 4
  if (header > 4) seal(12, 12 + header - 4, 12 + header - 4)
  const footer = bytes.byteLength - 12
  const index = footer - (bytes.readUInt32LE(footer + 4) + 1) * 4
  if (index > 12) seal(index, footer - 4, footer - 4)
  seal(footer + 4, footer + 10, footer)
}

/** The CRC of each block of the first stream, and the one that is made of them. */
function resealBzip2(bytes) {
  const level = bytes.byteLength > 4 ? bytes.readUInt8(3) - 0x30 : 0
  if (level < 1 || level > 9) return
  const tt = new Uint32Array(level * 100_000)
  const bits = new BitReader(bytes, 32)
  let stream = 0
  try {
    for (;;) {
      const isBlock = bits.take(24) === 0x314159
      bits.take(24)
      const at = bits.position
      bits.take(16)
      bits.take(16)
      if (!isBlock) {
        write32(bytes, at, stream)
        return
      }
      const crc = crcOf(expand(readBlock(bits, tt)))
      write32(bytes, at, crc)
      stream = ((stream << 1) | (stream >>> 31)) ^ crc
    }
  } catch {
    // It ends here.
  }
}

function crcOf(content) {
  for (;;) {
    const { done, value } = content.next()
    if (done) return value ?? 0
  }
}

function write32(bytes, at, value) {
  for (let bit = 0; bit < 32; bit += 1) {
    const mask = 0x80 >> ((at + bit) & 7)
    const byte = bytes.readUInt8((at + bit) >> 3)
    bytes.writeUInt8((value >>> (31 - bit)) & 1 ? byte | mask : byte & ~mask, (at + bit) >> 3)
  }
}
