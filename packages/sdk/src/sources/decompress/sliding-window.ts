const mostSlackBytes = 16 * 1024 * 1024

/** Bytes that decoding has given, of which later ones are copies. Grows with the content, up to its reach and some. */
export class SlidingWindow {
  bytes: Uint8Array = new Uint8Array(0)
  /** Where the next byte goes. */
  end = 0
  /** How many before `end` may be copied. */
  available = 0
  readonly #largestStep: number
  #reach = 0

  /** @param largestStep the most that room is made for at a time */
  constructor(largestStep: number) {
    this.#largestStep = largestStep
  }

  /** Forgets everything. @param reach how far back copies may come from */
  begin(reach: number): void {
    this.#reach = reach
    this.end = 0
    this.available = 0
  }

  makeRoom(count: number): void {
    const needed = this.end + count
    const { byteLength } = this.bytes
    if (needed <= byteLength) return
    // Room for many steps behind what may be copied, so that this is seldom moved.
    const limit = this.#reach + Math.min(Math.max(this.#reach, this.#largestStep), mostSlackBytes)
    if (needed <= limit) {
      const bytes = new Uint8Array(Math.min(Math.max(needed, byteLength * 2), limit))
      bytes.set(this.bytes.subarray(0, this.end))
      this.bytes = bytes
      return
    }
    const kept = Math.min(this.available, this.#reach)
    this.bytes.copyWithin(0, this.end - kept, this.end)
    this.end = kept
    this.available = kept
    this.makeRoom(count)
  }

  /** Takes note of bytes that were written behind the end. */
  advance(count: number): void {
    this.end += count
    this.available += count
  }
}
