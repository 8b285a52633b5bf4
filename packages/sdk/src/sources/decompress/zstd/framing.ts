import type { ByteReader } from '../byte-reader.js'
import { damaged, endsEarly, largestWindowBytes, unsupported } from '../../../platform/decoder.js'
import { type FrameHeader, longestHeaderBytes, parseFrameHeader } from './frame-header.js'

export const largestBlockBytes = 128 * 1024
const frameMagic = 0xfd2fb528
/** Sixteen consecutive magic numbers mark frames to skip (RFC 8878, section 3.1.2). */
const firstSkippableMagic = 0x184d2a50

interface Frames {
  /** Decodes one frame. The reader is at its header before and after its end afterwards. */
  decode(header: FrameHeader): AsyncIterable<Uint8Array>
  /** Called for a skipped frame. */
  skip?(contentBytes: number): void
}

/** Decodes Zstandard's frames one after another, and skips skippable ones. */
export async function* decodeFrames(
  reader: ByteReader,
  label: string,
  frames: Frames,
): AsyncGenerator<Uint8Array, void> {
  try {
    do {
      const magic = u32(await reader.look(4))
      if (magic === frameMagic) yield* frames.decode(await readHeader(reader, label))
      else if (magic !== undefined && (magic & 0xfffffff0) >>> 0 === firstSkippableMagic) {
        const size = u32((await reader.take(8)).subarray(4)) as number
        frames.skip?.(size)
        await skipContent(reader, size)
      } else if (magic === undefined) throw endsEarly(label, 'zstd')
      else throw damaged(label, 'zstd', 'is followed by bytes that do not belong to it')
    } while (!(await reader.atEnd()))
  } finally {
    await reader.close()
  }
}

/** The header of a block (RFC 8878, section 3.1.1.2). */
export interface BlockHeader {
  readonly isLast: boolean
  readonly type: number
  /** The size of the content if it repeats one byte; otherwise the number of bytes that follow. */
  readonly size: number
  readonly storedBytes: number
}

export const blockHeaderBytes = 3
export const repeatedByte = 1
export const reservedBlock = 3

/** @param bytes at least three */
export function parseBlockHeader(bytes: Uint8Array): BlockHeader {
  const [low = 0, middle = 0, high = 0] = bytes
  const word = low | (middle << 8) | (high << 16)
  const size = word >> 3
  const type = (word >> 1) & 3
  return { isLast: (word & 1) === 1, type, size, storedBytes: type === repeatedByte ? 1 : size }
}

/** @throws SourceError for a frame that needs more memory than allowed */
export function checkWindow({ windowBytes }: FrameHeader, label: string): void {
  if (windowBytes <= largestWindowBytes) return
  throw unsupported(label, 'zstd', `needs a window of ${windowBytes} bytes, more than ${largestWindowBytes}`)
}

async function readHeader(reader: ByteReader, label: string): Promise<FrameHeader> {
  const bytes = await reader.look(longestHeaderBytes)
  const header = parseFrameHeader(bytes)
  if (!header)
    throw bytes.byteLength < longestHeaderBytes
      ? endsEarly(label, 'zstd')
      : damaged(label, 'zstd', 'has a wrong header')
  if (header.dictionaryId !== 0) throw unsupported(label, 'zstd', `needs the dictionary ${header.dictionaryId}`)
  return header
}

async function skipContent(reader: ByteReader, size: number): Promise<void> {
  let left = size
  while (left > 0) {
    const part = Math.min(left, largestBlockBytes)
    await reader.take(part)
    left -= part
  }
}

export function u32(bytes: Uint8Array): number | undefined {
  if (bytes.byteLength < 4) return undefined
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true)
}
