import { ByteReader } from '../byte-reader.js'
import { damaged, type Decoder, endsEarly } from '../../../platform/decoder.js'
import { BitReader, OutOfBits } from './bits.js'
import { readBlock } from './block.js'
import { type Block, expand } from './expand.js'
import { Bzip2Error } from './huffman.js'

const levelBytes = 100_000
/** A block's symbols take at most 20 bits each; its header is small in comparison. */
const compressedLimit = (level: number) => level * levelBytes * 2.5 + 128 * 1024
const magic = [0x42, 0x5a, 0x68]
const blockMagic = [0x314159, 0x265359] as const
const endMagic = [0x177245, 0x385090] as const

/**
 * Decodes all streams of a bzip2 file, a block at a time; the checksum of each block and stream is verified. Bytes
 * after a stream that do not begin another one are skipped, as the bzip2 program does.
 */
export const bunzip2: Decoder = async function* (input, label, onPassedOver) {
  const reader = new ByteReader(input, () => endsEarly(label, 'bzip2'))
  try {
    if (!isStream(await reader.look(4))) throw damaged(label, 'bzip2', 'does not begin as it should')
    do yield* decodeStream(reader, label)
    while (isStream(await reader.look(4)))
    const rest = await reader.skipRest()
    if (rest > 0) onPassedOver?.(rest)
  } finally {
    await reader.close()
  }
}

async function* decodeStream(reader: ByteReader, label: string): AsyncGenerator<Uint8Array, void> {
  const level = ((await reader.take(4))[3] as number) - 0x30
  const tt = new Uint32Array(level * levelBytes)
  let streamCrc = 0
  let bit = 0
  for (;;) {
    const bytes = await reader.look(compressedLimit(level))
    const bits = new BitReader(bytes, bit)
    const found = attempt(label, () => readNext(bits, tt))
    const { block, crc } = found
    if (block) {
      const actual = yield* expand(block)
      if (actual !== crc) throw damaged(label, 'bzip2', 'does not match its own checksum')
      streamCrc = ((streamCrc << 1) | (streamCrc >>> 31)) ^ crc
    } else if (crc !== streamCrc) throw damaged(label, 'bzip2', 'does not match its own checksum')
    bit = block ? bits.position & 7 : 0
    reader.skip(block ? bits.position >>> 3 : Math.ceil(bits.position / 8))
    if (!block) return
  }
}

/** Whether a stream begins here, even if it ends within its header. */
function isStream(bytes: Uint8Array): boolean {
  const [, , , level = 0x31] = bytes
  return (
    bytes.byteLength > 0 &&
    magic.every((byte, index) => byte === (bytes[index] ?? byte)) &&
    level > 0x30 &&
    level < 0x3a
  )
}

/** The next block, or the end of the stream, with its stored CRC. */
function readNext(bits: BitReader, tt: Uint32Array): { readonly block: Block | undefined; readonly crc: number } {
  const kind = [bits.take(24), bits.take(24)]
  const crc = (bits.take(16) << 16) | bits.take(16)
  if (kind[0] === blockMagic[0] && kind[1] === blockMagic[1]) return { block: readBlock(bits, tt), crc }
  if (kind[0] === endMagic[0] && kind[1] === endMagic[1]) return { block: undefined, crc }
  throw new Bzip2Error('has no block where one should begin')
}

function attempt<T>(label: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof OutOfBits) throw endsEarly(label, 'bzip2', cause)
    if (cause instanceof Bzip2Error) throw damaged(label, 'bzip2', cause.message, cause)
    throw cause
  }
}
