import { createXXHash64 } from 'hash-wasm'
import { ByteReader } from '../byte-reader.js'
import { damaged, type Decoder, endsEarly, largestWindowBytes, unsupported } from '../decoder.js'
import { frameDecoder } from './frame-decoder.js'
import { type FrameHeader, longestHeaderBytes, parseFrameHeader } from './frame-header.js'

const frameMagic = 0xfd2fb528
/** Sixteen numbers in a row mark content to pass over (RFC 8878, section 3.1.2). */
const firstSkippableMagic = 0x184d2a50
const largestBlockBytes = 128 * 1024

/**
 * Zstandard (RFC 8878), frame after frame. The library decodes blocks; what frames promise about them is checked here:
 * window, length and checksum.
 */
export const unzstd: Decoder = async function* (input, label) {
  const reader = new ByteReader(input, () => endsEarly(label, 'zstd'))
  try {
    while (!(await reader.atEnd())) {
      const magic = u32(await reader.look(4))
      if (magic === frameMagic) yield* frame(reader, label)
      else if (magic !== undefined && (magic & 0xfffffff0) >>> 0 === firstSkippableMagic) await skipFrame(reader)
      else if (magic === undefined) throw endsEarly(label, 'zstd')
      else throw damaged(label, 'zstd', 'is followed by bytes that are none')
    }
  } finally {
    await reader.close()
  }
}

async function* frame(reader: ByteReader, label: string): AsyncGenerator<Uint8Array, void> {
  const header = await readHeader(reader, label)
  const hash = header.hasChecksum ? (await createXXHash64()).init() : undefined
  const decode = frameDecoder(await reader.take(header.bytes))
  let count = 0n
  for (let isLast = false; !isLast;) {
    const block = await readBlock(reader, label)
    isLast = block.isLast
    for (const piece of decoded(decode, block, label)) {
      count += BigInt(piece.byteLength)
      hash?.update(piece)
      yield piece
    }
  }
  if (header.contentBytes !== undefined && header.contentBytes !== count) {
    throw damaged(label, 'zstd', `announces ${header.contentBytes} bytes and has ${count}`)
  }
  if (!hash) return
  const expected = u32(await reader.take(4))
  // The lower half of the hash (RFC 8878, section 3.1.1): the last one in hexadecimal.
  if (Number.parseInt(hash.digest('hex').slice(8), 16) !== expected) {
    throw damaged(label, 'zstd', 'does not match its own checksum')
  }
}

interface Block {
  /** With its header. */
  readonly bytes: Uint8Array
  readonly isLast: boolean
}

/** RFC 8878, section 3.1.1.2. */
async function readBlock(reader: ByteReader, label: string): Promise<Block> {
  const [low = 0, middle = 0, high = 0] = await reader.look(3)
  const word = low | (middle << 8) | (high << 16)
  const size = word >> 3
  if (size > largestBlockBytes) throw damaged(label, 'zstd', 'has a block larger than any can be')
  const isRepeatedByte = ((word >> 1) & 3) === 1
  return { isLast: (word & 1) === 1, bytes: await reader.take(3 + (isRepeatedByte ? 1 : size)) }
}

function decoded(decode: ReturnType<typeof frameDecoder>, block: Block, label: string): readonly Uint8Array[] {
  try {
    return decode(block.bytes, block.isLast)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw damaged(label, 'zstd', `cannot be decoded: ${why}`, cause)
  }
}

async function readHeader(reader: ByteReader, label: string): Promise<FrameHeader> {
  const bytes = await reader.look(longestHeaderBytes)
  const header = parseFrameHeader(bytes)
  if (!header)
    throw bytes.byteLength < longestHeaderBytes
      ? endsEarly(label, 'zstd')
      : damaged(label, 'zstd', 'has a wrong header')
  if (header.dictionaryId !== 0) throw unsupported(label, 'zstd', `needs the dictionary ${header.dictionaryId}`)
  if (header.windowBytes > largestWindowBytes) {
    throw unsupported(label, 'zstd', `needs a window of ${header.windowBytes} bytes, more than ${largestWindowBytes}`)
  }
  return header
}

async function skipFrame(reader: ByteReader): Promise<void> {
  let left = u32((await reader.take(8)).subarray(4)) as number
  while (left > 0) {
    const part = Math.min(left, largestBlockBytes)
    await reader.take(part)
    left -= part
  }
}

function u32(bytes: Uint8Array): number | undefined {
  if (bytes.byteLength < 4) return undefined
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true)
}
