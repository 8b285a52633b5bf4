import { Decompress } from 'fzstd'

/** A descriptor's bit that announces a checksum (RFC 8878, section 3.1.1.1.1). */
const checksumBit = 0x04

/**
 * Decodes one frame, block by block. Told nothing of the checksum, which is not this library's business, the frame
 * ends with its last block.
 * @returns what gives the content of a block; some of it may come with the next one
 */
export function frameDecoder(header: Uint8Array): (block: Uint8Array, isLast: boolean) => readonly Uint8Array[] {
  let decoded: Uint8Array[] = []
  const decoder = new Decompress((piece) => {
    if (piece.byteLength > 0) decoded.push(piece)
  })
  const plain = Uint8Array.from(header)
  plain[4] = (plain[4] as number) & ~checksumBit
  decoder.push(plain)
  return (block, isLast) => {
    decoder.push(block, isLast)
    const pieces = decoded
    decoded = []
    return pieces
  }
}
