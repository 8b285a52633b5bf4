/** What most short content does with. */
const smallBytes = 4 * 1024 * 1024
const mostSlackBytes = 4 * 1024 * 1024
/** So much is handed out before V8 is to look for what nobody needs any more. */
const sweepBytes = 2 * 1024 * 1024
/** More than V8 lets young buffers have together, and so much that the system gives the pages only when they are used. */
const ballastBytes = 48 * 1024 * 1024

/** Bytes that decoding has given, of which later ones are copies. */
export class SlidingWindow {
  bytes: Uint8Array = new Uint8Array(0)
  /** Where the next byte goes. */
  end = 0
  /** How many before `end` may be copied. */
  available = 0
  readonly #largestStep: number
  #reach = 0
  #givenBytes = 0

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
    if (needed <= this.bytes.byteLength) return
    // Room for many steps behind what may be copied, so that this is seldom moved.
    const whole = this.#reach + Math.min(Math.max(this.#reach, this.#largestStep), mostSlackBytes)
    if (this.bytes.byteLength < whole) {
      // Then all of it at once, since to grow is to have two of them for a while. The system gives a page only when it
      // is first written to, so that content costs no more than its length, whatever it claims.
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
   * A copy of what was written from there on. V8 counts buffers only from 32 MiB on, which for pieces that live for a
   * moment is most of the memory that decoding takes; a buffer that is never touched costs nothing and counts too.
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

  /** Takes note of bytes that were written behind the end. */
  advance(count: number): void {
    this.end += count
    this.available += count
  }
}
