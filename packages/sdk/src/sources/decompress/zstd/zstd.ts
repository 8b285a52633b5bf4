import { createXXHash64 } from 'hash-wasm'
import { ByteReader } from '../byte-reader.js'
import { damaged, type Decoder, endsEarly, largestWindowBytes, unsupported } from '../decoder.js'
import { ZstdError } from './backward-bits.js'
import { FrameDecoder, largestBlockBytes } from './frame-decoder.js'
import { type FrameHeader, longestHeaderBytes, parseFrameHeader } from './frame-header.js'

const frameMagic = 0xfd2fb528
/** Sixteen numbers in a row mark content to pass over (RFC 8878, section 3.1.2). */
const firstSkippableMagic = 0x184d2a50

/**
 * Zstandard (RFC 8878), frame after frame, skippable ones passed over; what frames promise of their length and checksum
 * is compared.
 */
export const unzstd: Decoder = async function* (input, label) {
  const reader = new ByteReader(input, () => endsEarly(label, 'zstd'))
  const decoder = new FrameDecoder()
  try {
    while (!(await reader.atEnd())) {
      const magic = u32(await reader.look(4))
      if (magic === frameMagic) yield* frame(reader, decoder, label)
      else if (magic !== undefined && (magic & 0xfffffff0) >>> 0 === firstSkippableMagic) await skipFrame(reader)
      else if (magic === undefined) throw endsEarly(label, 'zstd')
      else throw damaged(label, 'zstd', 'is followed by bytes that are none')
    }
  } finally {
    await reader.close()
  }
}

async function* frame(reader: ByteReader, decoder: FrameDecoder, label: string): AsyncGenerator<Uint8Array, void> {
  const header = await readHeader(reader, label)
  const hash = header.hasChecksum ? (await createXXHash64()).init() : undefined
  reader.skip(header.bytes)
  decoder.begin(header.windowBytes)
  let count = 0n
  for (let isLast = false; !isLast;) {
    const block = await readBlock(reader, label)
    isLast = block.isLast
    const content = decoded(decoder, block, label)
    count += BigInt(content.byteLength)
    hash?.update(content)
    if (content.byteLength > 0) yield content
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

/** RFC 8878, section 3.1.1.2. */
interface Block {
  readonly isLast: boolean
  readonly type: number
  /** Of the content, where that is one byte over and over. */
  readonly size: number
  readonly bytes: Uint8Array
}

const repeatedByte = 1
const compressedBlock = 2

async function readBlock(reader: ByteReader, label: string): Promise<Block> {
  const [low = 0, middle = 0, high = 0] = await reader.take(3)
  const word = low | (middle << 8) | (high << 16)
  const size = word >> 3
  const type = (word >> 1) & 3
  if (size > largestBlockBytes) throw damaged(label, 'zstd', 'has a block larger than any can be')
  return { isLast: (word & 1) === 1, type, size, bytes: await reader.take(type === repeatedByte ? 1 : size) }
}

function decoded(decoder: FrameDecoder, { type, size, bytes }: Block, label: string): Uint8Array {
  if (type === 0) return decoder.stored(bytes)
  if (type === repeatedByte) return decoder.stored(new Uint8Array(size).fill(bytes[0] as number))
  try {
    if (type === compressedBlock && size > 0) return decoder.compressed(bytes)
    throw new ZstdError('has a block of an unknown kind')
  } catch (cause) {
    throw cause instanceof ZstdError ? damaged(label, 'zstd', cause.message, cause) : cause
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
  // Nothing reaches back further than the content goes.
  const windowBytes = Math.min(header.windowBytes, Number(header.contentBytes ?? Number.POSITIVE_INFINITY))
  if (windowBytes > largestWindowBytes) {
    throw unsupported(label, 'zstd', `needs a window of ${windowBytes} bytes, more than ${largestWindowBytes}`)
  }
  return { ...header, windowBytes }
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
