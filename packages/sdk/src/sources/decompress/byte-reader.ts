/** Reads exact amounts from chunks of any size. Keeps only the requested bytes and the last chunk. */
export class ByteReader {
  readonly #iterator: AsyncIterator<Uint8Array>
  readonly #early: () => Error
  #bytes: Uint8Array = new Uint8Array(0)
  #ended = false
  #position = 0

  /** @param early creates the error for content that ends before the requested bytes */
  constructor(input: AsyncIterable<Uint8Array>, early: () => Error) {
    this.#iterator = input[Symbol.asyncIterator]()
    this.#early = early
  }

  /** How many bytes have been taken or skipped. */
  get position(): number {
    return this.#position
  }

  /** Whether the content has ended. */
  async atEnd(): Promise<boolean> {
    return (await this.look(1)).byteLength === 0
  }

  /** The next bytes without consuming them: at least `count`, or fewer if the content ends. */
  async look(count: number): Promise<Uint8Array> {
    if (this.#bytes.byteLength >= count || this.#ended) return this.#bytes
    const parts = [this.#bytes]
    let have = this.#bytes.byteLength
    while (have < count && !this.#ended) {
      const { done, value } = await this.#iterator.next()
      if (done) {
        this.#ended = true
        break
      }
      parts.push(value)
      have += value.byteLength
    }
    this.#bytes = joined(parts, have)
    return this.#bytes
  }

  /** Exactly this number of bytes. */
  async take(count: number): Promise<Uint8Array> {
    const bytes = await this.look(count)
    if (bytes.byteLength < count) throw this.#early()
    this.skip(count)
    return bytes.subarray(0, count)
  }

  /** Skips bytes that `look` has returned. */
  skip(count: number): void {
    this.#bytes = this.#bytes.subarray(count)
    this.#position += count
  }

  /** Reads the remaining bytes, so that the source can verify a hash of all its bytes. @returns their number */
  async skipRest(): Promise<number> {
    const start = this.#position
    while (!(await this.atEnd())) this.skip(this.#bytes.byteLength)
    return this.#position - start
  }

  /** Stops reading the input. */
  async close(): Promise<void> {
    if (!this.#ended) await this.#iterator.return?.()
    this.#ended = true
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const filled = parts.filter((part) => part.byteLength > 0)
  if (filled.length <= 1) return filled[0] ?? new Uint8Array(0)
  const all = new Uint8Array(length)
  let at = 0
  for (const part of filled) {
    all.set(part, at)
    at += part.byteLength
  }
  return all
}
