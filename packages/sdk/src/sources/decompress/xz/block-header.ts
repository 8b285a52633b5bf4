import { readVarint } from './varint.js'

/** The header of a block (`xz-file-format.txt` 3.1). */
export interface BlockHeader {
  readonly compressedBytes: bigint | undefined
  readonly contentBytes: bigint | undefined
  /** In the order in which they were applied. */
  readonly filters: readonly { readonly id: bigint; readonly properties: Uint8Array }[]
}

/** @param bytes from the size byte up to the CRC32, excluding it @returns undefined when it is malformed */
export function parseBlockHeader(bytes: Uint8Array): BlockHeader | undefined {
  const flags = bytes[1] as number
  if ((flags & 0x3c) !== 0) return undefined
  let at = 2
  const optional = (flag: number): bigint | undefined | null => {
    if ((flags & flag) === 0) return undefined
    const read = readVarint(bytes, at)
    if (!read) return null
    at = read.next
    return read.value
  }
  const compressedBytes = optional(0x40)
  const contentBytes = optional(0x80)
  if (compressedBytes === null || contentBytes === null) return undefined
  const filters: { id: bigint; properties: Uint8Array }[] = []
  for (let i = 0; i <= (flags & 3); i += 1) {
    const id = readVarint(bytes, at)
    const size = id && readVarint(bytes, id.next)
    if (!size || size.value > BigInt(bytes.byteLength - size.next)) return undefined
    at = size.next + Number(size.value)
    filters.push({ id: id.value, properties: bytes.subarray(size.next, at) })
  }
  return bytes.subarray(at).every((byte) => byte === 0) ? { compressedBytes, contentBytes, filters } : undefined
}

/** Decodes LZMA2's one byte of properties; undefined when it is invalid (`xz-file-format.txt` 5.3.1). */
export function dictionarySize(properties: Uint8Array): number | undefined {
  const [bits] = properties
  if (properties.byteLength !== 1 || bits === undefined || bits > 40) return undefined
  return bits === 40 ? 2 ** 32 - 1 : (2 | (bits & 1)) * 2 ** (Math.floor(bits / 2) + 11)
}
