import { createXXHash64 } from 'hash-wasm'
import { ByteReader } from '../byte-reader.js'
import { damaged, type Decoder, endsEarly } from '../../../platform/decoder.js'
import { ZstdError } from './backward-bits.js'
import { FrameDecoder } from './frame-decoder.js'
import type { FrameHeader } from './frame-header.js'
import {
  type BlockHeader,
  blockHeaderBytes,
  compressedBlock,
  decodeFrames,
  parseBlockHeader,
  repeatedByte,
  u32,
} from './framing.js'

/**
 * Zstandard (RFC 8878), frame after frame, for runtimes that have none of their own; what frames promise of their length
 * and checksum is compared.
 */
export const unzstd: Decoder = (input, label) => {
  const reader = new ByteReader(input, () => endsEarly(label, 'zstd'))
  const decoder = new FrameDecoder()
  return decodeFrames(reader, label, (header) => decodeFrame(reader, decoder, header, label))
}

async function* decodeFrame(
  reader: ByteReader,
  decoder: FrameDecoder,
  header: FrameHeader,
  label: string,
): AsyncGenerator<Uint8Array, void> {
  const hash = header.hasChecksum ? (await createXXHash64()).init() : undefined
  reader.skip(header.bytes)
  decoder.begin(header.windowBytes)
  let count = 0n
  for (let isLast = false; !isLast;) {
    const block = parseBlockHeader(await reader.take(blockHeaderBytes), header, label)
    isLast = block.isLast
    const content = decoded(decoder, block, await reader.take(block.storedBytes), label)
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

function decoded(decoder: FrameDecoder, { type, size }: BlockHeader, bytes: Uint8Array, label: string): Uint8Array {
  if (type === 0) return decoder.stored(bytes)
  if (type === repeatedByte) return decoder.stored(new Uint8Array(size).fill(bytes[0] as number))
  try {
    if (type === compressedBlock && size > 0) return decoder.compressed(bytes)
    throw new ZstdError('has a block of an unknown kind')
  } catch (cause) {
    throw cause instanceof ZstdError ? damaged(label, 'zstd', cause.message, cause) : cause
  }
}
