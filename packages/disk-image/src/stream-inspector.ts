import { Budget } from './budget.js'
import { conclude } from './conclude.js'
import { peekLength, recognise } from './detect.js'
import { DiskImageError } from './disk-image-error.js'
import type { Finding, Format, Walk } from './format.js'
import { walkThrough } from './format.js'
import type { Inspection } from './inspection.js'

const tailLength = 4096

/** The range that a walk waits for, while it fills. */
interface Capture {
  readonly offset: bigint
  readonly bytes: Uint8Array
  filled: number
}

/**
 * Inspects an image while it is streamed, in one pass: keeps its head, its tail and the range that the format requests,
 * at most 2 MiB, never the chunks themselves. Ranges that lie before what has already passed are treated as missing.
 */
export class StreamInspector {
  readonly #budget = new Budget()
  readonly #tail = new Uint8Array(tailLength)
  #head = new Uint8Array(peekLength)
  #position = 0
  #format: Format | undefined
  #walk: Walk | undefined
  #finding: Finding | undefined
  #capture: Capture | undefined
  #wantsLast: number | undefined
  #finished = false

  /**
   * Takes the next bytes of the image; they are neither kept nor changed.
   *
   * @throws {DiskImageError} after `finish()`.
   */
  write(chunk: Uint8Array): void {
    if (this.#finished) throw new DiskImageError('The inspection is finished: make a new StreamInspector per image.')
    const inHead = Math.min(chunk.length, Math.max(0, peekLength - this.#position))
    this.#head.set(chunk.subarray(0, inHead), Math.min(this.#position, peekLength))
    this.#keepTail(chunk)
    const start = this.#position
    this.#position += chunk.length
    if (this.#position < peekLength) return
    if (!this.#walk) this.#begin()
    this.#offer(start, chunk)
  }

  /**
   * Ends the stream and returns the result.
   *
   * @throws {DiskImageError} when called twice.
   */
  finish(): Inspection {
    if (this.#finished) throw new DiskImageError('The inspection is finished: make a new StreamInspector per image.')
    this.#finished = true
    if (!this.#walk) {
      this.#head = this.#head.subarray(0, this.#position)
      this.#begin()
    }
    while (!this.#finding) {
      if (this.#wantsLast !== undefined) this.#advance(this.#lastBytes(this.#wantsLast))
      else if (this.#capture) this.#advance(this.#capture.bytes.subarray(0, this.#capture.filled))
    }
    const format = this.#format ?? recognise(this.#head)
    return conclude(format, this.#finding, this.#head, this.#position)
  }

  #begin(): void {
    this.#format = recognise(this.#head)
    this.#walk = walkThrough(this.#format, this.#head)
    this.#advance()
  }

  /**
   * Passes the walk the bytes that it waited for and notes what it requests next, filled from the head as far as
   * possible.
   */
  #advance(bytes?: Uint8Array): void {
    this.#capture = undefined
    this.#wantsLast = undefined
    const step = bytes === undefined ? this.#walk?.next() : this.#walk?.next(bytes)
    if (!step || step.done) {
      this.#finding = step?.value ?? {}
      return
    }
    if ('last' in step.value) {
      this.#wantsLast = step.value.last
      return
    }
    const { offset } = step.value
    const { length } = this.#budget.spend(step.value)
    const capture = { offset, bytes: new Uint8Array(length), filled: 0 }
    this.#capture = capture
    fill(capture, 0, this.#head)
  }

  /** Lets the walk take what it needs from this chunk, repeatedly while it requests more of it. */
  #offer(start: number, chunk: Uint8Array): void {
    while (this.#capture) {
      const capture = this.#capture
      fill(capture, start, chunk)
      const next = capture.offset + BigInt(capture.filled)
      const isFull = capture.filled === capture.bytes.length
      // Bytes before this chunk that were not kept can no longer be read.
      if (!isFull && next >= BigInt(this.#position)) return
      this.#advance(capture.bytes.subarray(0, capture.filled))
    }
  }

  #keepTail(chunk: Uint8Array): void {
    if (chunk.length >= tailLength) {
      this.#tail.set(chunk.subarray(chunk.length - tailLength))
      return
    }
    this.#tail.copyWithin(0, chunk.length)
    this.#tail.set(chunk, tailLength - chunk.length)
  }

  #lastBytes(count: number): Uint8Array {
    return this.#tail.slice(tailLength - Math.min(count, tailLength, this.#position))
  }
}

/** Continues filling the capture from a piece of the image that begins at `start`. */
function fill(capture: Capture, start: number, piece: Uint8Array): void {
  const next = capture.offset + BigInt(capture.filled) - BigInt(start)
  if (next < 0n || next >= BigInt(piece.length)) return
  const from = Number(next)
  const taken = piece.subarray(from, from + capture.bytes.length - capture.filled)
  capture.bytes.set(taken, capture.filled)
  capture.filled += taken.length
}
