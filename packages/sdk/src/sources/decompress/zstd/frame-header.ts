/** The header of a frame (RFC 8878, section 3.1.1.1). */
export interface FrameHeader {
  /** The length of the header, including the magic number. */
  readonly bytes: number
  readonly windowBytes: number
  readonly contentBytes: bigint | undefined
  readonly hasChecksum: boolean
  readonly dictionaryId: number
}

/** The limit of 64-bit programs. */
const largestWindowLog = 31

/** The longest header: magic number, descriptor, window, dictionary id, content size. */
export const longestHeaderBytes = 18

/** Undefined for a header that ends early, has its reserved bit set, or a window that is too large for zstd itself. */
export function parseFrameHeader(bytes: Uint8Array): FrameHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.byteLength < 6) return undefined
  const descriptor = view.getUint8(4)
  if ((descriptor & 0x08) !== 0) return undefined
  const isSingle = (descriptor & 0x20) !== 0
  const sizeKind = descriptor >> 6
  const sizeBytes = sizeKind === 0 ? (isSingle ? 1 : 0) : 1 << sizeKind
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number
  let at = 5
  const length = at + (isSingle ? 0 : 1) + dictionaryBytes + sizeBytes
  if (bytes.byteLength < length) return undefined
  const windowByte = isSingle ? 0 : view.getUint8(at++)
  if (windowByte >> 3 > largestWindowLog - 10) return undefined
  const dictionaryId = littleEndian(bytes.subarray(at, at + dictionaryBytes))
  at += dictionaryBytes
  const size = littleEndian(bytes.subarray(at, at + sizeBytes)) + (sizeBytes === 2 ? 256n : 0n)
  const base = 2 ** (10 + (windowByte >> 3))
  return {
    bytes: length,
    windowBytes: isSingle ? Number(size) : base + (base / 8) * (windowByte & 7),
    contentBytes: sizeBytes === 0 ? undefined : size,
    hasChecksum: (descriptor & 0x04) !== 0,
    dictionaryId: Number(dictionaryId),
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n)
}
