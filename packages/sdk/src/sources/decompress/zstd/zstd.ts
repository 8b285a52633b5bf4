import { createXXHash64 } from 'hash-wasm'
import { ByteReader } from '../byte-reader.js'
import { damaged, type Decoder, endsEarly } from '../../../platform/decoder.js'
import { ZstdError } from './backward-bits.js'
import { FrameDecoder } from './frame-decoder.js'
import type { FrameHeader } from './frame-header.js'
import {
  type BlockHeader,
  blockHeaderBytes,
  checkWindow,
  decodeFrames,
  largestBlockBytes,
  parseBlockHeader,
  repeatedByte,
  reservedBlock,
  u32,
} from './framing.js'
import { atHand, mostDirectBytes, ProgramBuffers } from './program-buffers.js'

/**
 * Decodes Zstandard (RFC 8878) for runtimes without their own decoder, frame by frame; the lengths and checksums that
 * frames declare are verified. Damaged frames without a checksum are decoded to the same result as in zstd(1).
 */
export const unzstd: Decoder = (input, label) => {
  const reader = new ByteReader(input, () => endsEarly(label, 'zstd'))
  const buffers = new ProgramBuffers()
  const decoding: Decoding = { reader, label, buffers, decoder: new FrameDecoder(buffers) }
  return decodeFrames(reader, label, {
    decode: (header) => decodeFrame(decoding, header),
    skip: (size) => buffers.begin({ windowBytes: 0, blockBytes: 0, contentBytes: BigInt(size) }),
  })
}

interface Decoding {
  readonly reader: ByteReader
  readonly label: string
  readonly buffers: ProgramBuffers
  readonly decoder: FrameDecoder
}

async function* decodeFrame(decoding: Decoding, header: FrameHeader): AsyncGenerator<Uint8Array, void> {
  const { reader, label, buffers, decoder } = decoding
  const { windowBytes, contentBytes } = header
  const isDirect = await goesDirect(reader, header)
  const blockBytes = isDirect ? largestBlockBytes : Math.min(largestBlockBytes, windowBytes)
  if (isDirect) buffers.beginDirect()
  else {
    checkWindow(header, label)
    buffers.begin({ windowBytes, blockBytes, contentBytes })
  }
  decoder.begin()
  const hash = header.hasChecksum ? (await createXXHash64()).init() : undefined
  reader.skip(header.bytes)
  let count = 0n
  let isCounted = true
  for (let isLast = false; !isLast;) {
    const block = parseBlockHeader(await reader.take(blockHeaderBytes))
    isLast = block.isLast
    if (block.type === reservedBlock) throw damaged(label, 'zstd', 'has a block of an unknown kind')
    if (block.storedBytes > blockBytes && (!isDirect || block.type !== repeatedByte)) {
      throw damaged(label, 'zstd', 'has a block larger than its window')
    }
    // zstd(1) skips an empty block; if it is the last one, it also skips the comparison of the content's length.
    if (block.storedBytes === 0 && !isDirect) {
      isCounted &&= !isLast
      continue
    }
    const content = decoded(decoder, block, await reader.take(block.storedBytes), label)
    count += BigInt(content.byteLength)
    hash?.update(content)
    if (content.byteLength > 0) yield content
  }
  if (isCounted && contentBytes !== undefined && contentBytes !== count) {
    throw damaged(label, 'zstd', `announces ${contentBytes} bytes and has ${count}`)
  }
  if (!hash) return
  const expected = u32(await reader.take(4))
  // The lower half of the hash (RFC 8878, section 3.1.1), which is the second half in hexadecimal.
  if (Number.parseInt(hash.digest('hex').slice(8), 16) !== expected) {
    throw damaged(label, 'zstd', 'does not match its own checksum')
  }
}

/** Whether zstd(1) decodes a frame directly into its output: a small one whose bytes it has read completely. */
async function goesDirect(reader: ByteReader, header: FrameHeader): Promise<boolean> {
  if (header.contentBytes === undefined || header.contentBytes > mostDirectBytes) return false
  const most = atHand(reader.position) - reader.position
  let length = header.bytes
  for (let isLast = false; !isLast;) {
    const bytes = await reader.look(length + blockHeaderBytes)
    if (bytes.byteLength < length + blockHeaderBytes || length > most) return false
    const block = parseBlockHeader(bytes.subarray(length))
    if (block.type === reservedBlock) return false
    isLast = block.isLast
    length += blockHeaderBytes + block.storedBytes
  }
  if (header.hasChecksum) length += 4
  return length <= most && (await reader.look(length)).byteLength >= length
}

function decoded(decoder: FrameDecoder, { type, size }: BlockHeader, bytes: Uint8Array, label: string): Uint8Array {
  try {
    if (type === 0) return decoder.stored(bytes)
    if (type === repeatedByte) return decoder.repeated(bytes[0] as number, size)
    return decoder.compressed(bytes)
  } catch (cause) {
    throw cause instanceof ZstdError ? damaged(label, 'zstd', cause.message, cause) : cause
  }
}
