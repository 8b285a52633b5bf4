/** Content that no encoder produces. */
export class ZstdError extends Error {}

/**
 * The bits of a byte array, read from its end to its beginning (RFC 8878, section 4.1).
 *
 * Damaged data may require more bits than there are. zstd(1) then continues with the content of its 64-bit register,
 * which is the beginning of the array, and checks the result only later; the same bits are returned here.
 */
export class BackwardBits {
  readonly bytes: Uint8Array
  /** The number of bits left; negative when more were read than exist. */
  left: number

  /** @throws ZstdError without the bit that marks the end, unless the mark is `optional` */
  constructor(bytes: Uint8Array, mark: 'needed' | 'optional' = 'needed') {
    const last = bytes.at(-1) ?? 0
    if (last === 0 && (mark === 'needed' || bytes.byteLength === 0)) throw new ZstdError('has bits without an end')
    this.bytes = bytes
    this.left = bytes.byteLength * 8 - (last === 0 ? 0 : Math.clz32(last) - 23)
  }

  /** Takes up to 31 bits. */
  take(count: number): number {
    const from = this.left - count
    if (from < 0 || count > 24) return this.#takeMany(count)
    this.left = from
    return this.#at(from, count)
  }

  #takeMany(count: number): number {
    if (count <= this.left) {
      const high = this.take(count - 16)
      return high * 65_536 + this.take(16)
    }
    const value = this.look(count)
    this.left -= count
    return value
  }

  /** Takes up to 24 bits, as the next state of a table. If too few are left, the result differs from that of `take`. */
  takeState(count: number): number {
    const from = this.left - count
    this.left = from
    return from >= 0 ? this.#at(from, count) : this.#register(BigInt(from & 63), count)
  }

  /** Returns up to 24 bits without consuming them. */
  look(count: number): number {
    if (count === 0) return 0
    const from = this.left - count
    if (from >= 0) return this.#at(from, count)
    return this.left > 0 ? this.#at(0, this.left) * 2 ** -from : this.#pastEnd(count)
  }

  #at(from: number, count: number): number {
    const bytes = this.bytes
    const at = from >>> 3
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    return (word >>> (from & 7)) & ((1 << count) - 1)
  }

  /** The shift by the number of bits read wraps around after 64. */
  #pastEnd(count: number): number {
    const shift = -this.left & 63
    return this.#register(BigInt(64 - count), count, BigInt(shift))
  }

  #register(right: bigint, count: number, left = 0n): number {
    const first = this.bytes.subarray(0, 8).reduceRight((value, byte) => value * 256n + BigInt(byte), 0n)
    return Number((BigInt.asUintN(64, first << left) >> right) & ((1n << BigInt(count)) - 1n))
  }
}
