/** Content that no encoder makes. */
export class ZstdError extends Error {}

/** Bits that are read from the end of a byte array to its beginning (RFC 8878, section 4.1). */
export class BackwardBits {
  readonly #bytes: Uint8Array
  /** How many bits are left; less than none when more were read than there are, which are zeros. */
  left: number

  /** @throws ZstdError without the bit that marks the end */
  constructor(bytes: Uint8Array) {
    const last = bytes.at(-1) ?? 0
    if (last === 0) throw new ZstdError('has bits without an end')
    this.#bytes = bytes
    this.left = bytes.byteLength * 8 - Math.clz32(last) + 23
  }

  /** Up to 31 of them. */
  take(count: number): number {
    if (count > 24) {
      const high = this.take(count - 16)
      return high * 65_536 + this.take(16)
    }
    const value = this.look(count)
    this.left -= count
    return value
  }

  /** Up to 24 of them, which stay. */
  look(count: number): number {
    const from = this.left - count
    if (from < 0) return this.left <= 0 ? 0 : this.#at(0, this.left) << -from
    return this.#at(from, count)
  }

  #at(from: number, count: number): number {
    const bytes = this.#bytes
    const at = from >>> 3
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    return (word >>> (from & 7)) & ((1 << count) - 1)
  }
}
