/** Enough for most short content. */
const smallBytes = 4 * 1024 * 1024
const mostSlackBytes = 4 * 1024 * 1024
/** V8 should collect garbage each time this number of bytes has been returned. */
const sweepBytes = 2 * 1024 * 1024
/** More than V8 allows for all young buffers, and so large that the system allocates its pages only on first use. */
const ballastBytes = 48 * 1024 * 1024

/** Decoded bytes, from which later ones are copied. */
export class SlidingWindow {
  bytes: Uint8Array = new Uint8Array(0)
  /** The position of the next byte. */
  end = 0
  /** How many bytes before `end` may be copied. */
  available = 0
  readonly #largestStep: number
  #reach = 0
  #givenBytes = 0

  /** @param largestStep the largest `count` passed to `makeRoom` */
  constructor(largestStep: number) {
    this.#largestStep = largestStep
  }

  /** Clears the window. @param reach the largest distance of copies */
  begin(reach: number): void {
    this.#reach = reach
    this.end = 0
    this.available = 0
  }

  makeRoom(count: number): void {
    const needed = this.end + count
    if (needed <= this.bytes.byteLength) return
    // Room for many steps beyond the reach, so that its content is rarely moved.
    const whole = this.#reach + Math.min(Math.max(this.#reach, this.#largestStep), mostSlackBytes)
    if (this.bytes.byteLength < whole) {
      // Above `smallBytes`, the whole size is allocated at once, since growing needs both buffers for a while. The
      // system allocates a page only when it is first written, so the memory used does not exceed the content's length,
      // whatever size it declares.
      const bytes = new Uint8Array(needed <= smallBytes ? Math.min(smallBytes, whole) : whole)
      bytes.set(this.bytes.subarray(0, this.end))
      this.bytes = bytes
    }
    if (needed <= this.bytes.byteLength) return
    const kept = Math.min(this.available, this.#reach)
    this.bytes.copyWithin(0, this.end - kept, this.end)
    this.end = kept
    this.available = kept
  }

  /**
   * A copy of what was written from `start` on. V8 takes buffers into account only from 32 MiB on, and short-lived
   * chunks make up most of the memory used for decoding. A buffer that is never touched costs nothing, but is counted.
   */
  copyFrom(start: number): Uint8Array {
    const copy = this.bytes.slice(start, this.end)
    this.#givenBytes += copy.byteLength
    if (this.#givenBytes >= sweepBytes) {
      this.#givenBytes = 0
      void new ArrayBuffer(ballastBytes)
    }
    return copy
  }

  /** Counts bytes that were written after `end`. */
  advance(count: number): void {
    this.end += count
    this.available += count
  }
}
