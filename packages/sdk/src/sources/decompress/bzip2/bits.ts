/** The content ended unexpectedly. */
export class OutOfBits extends Error {}

/** The bits of a byte array, the highest bit of each byte first. */
export class BitReader {
  readonly bytes: Uint8Array
  /** In bits, from the beginning of the array. */
  position: number

  constructor(bytes: Uint8Array, position: number) {
    this.bytes = bytes
    this.position = position
  }

  /** Takes up to 24 bits. @throws OutOfBits */
  take(count: number): number {
    const value = this.look(count)
    this.position += count
    if (this.position > this.bytes.byteLength * 8) throw new OutOfBits()
    return value
  }

  /** Returns up to 24 bits without consuming them; past the end they are zeros. */
  look(count: number): number {
    const bytes = this.bytes
    const at = this.position >>> 3
    const word =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)
    return count === 0 ? 0 : (word << (this.position & 7)) >>> (32 - count)
  }
}
