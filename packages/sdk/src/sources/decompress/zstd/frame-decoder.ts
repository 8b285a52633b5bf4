import { SlidingWindow } from '../sliding-window.js'
import { ZstdError } from './backward-bits.js'
import { largestBlockBytes } from './framing.js'
import type { HuffmanCode } from './huffman.js'
import { readLiteralsSection } from './literals.js'
import { readSequences, type SequenceTables } from './sequences.js'

/** Decodes the blocks of frames (RFC 8878, section 3.1.1.2), one frame after another with the same memory. */
export class FrameDecoder {
  readonly #window = new SlidingWindow(largestBlockBytes)
  /** The most that one block holds. */
  #blockBytes = largestBlockBytes
  #code: HuffmanCode | undefined
  #tables: SequenceTables | undefined
  #offsets: [number, number, number] = [1, 4, 8]

  /** A new frame. */
  begin(windowBytes: number): void {
    this.#window.begin(windowBytes)
    this.#blockBytes = Math.min(largestBlockBytes, windowBytes)
    this.#code = undefined
    this.#tables = undefined
    this.#offsets = [1, 4, 8]
  }

  /** @returns the content of a block that is stored as it is */
  stored(bytes: Uint8Array): Uint8Array {
    this.#window.makeRoom(bytes.byteLength)
    this.#window.bytes.set(bytes, this.#window.end)
    this.#window.advance(bytes.byteLength)
    return bytes
  }

  /** @returns the content of a block @throws ZstdError */
  compressed(block: Uint8Array): Uint8Array {
    const window = this.#window
    window.makeRoom(largestBlockBytes)
    const from = window.end
    const limit = from + this.#blockBytes
    const { bytes, length, code } = readLiteralsSection(block, this.#code, this.#blockBytes)
    this.#code = code
    let taken = 0
    const takeLiterals = (count: number) => {
      if (taken + count > bytes.byteLength || window.end + count > limit) {
        throw new ZstdError('has a block that is too long')
      }
      const { bytes: target, end } = window
      // Most are a few bytes, for which a call costs more than a loop.
      if (count > 32) target.set(bytes.subarray(taken, taken + count), end)
      else for (let i = 0; i < count; i += 1) target[end + i] = bytes[taken + i] as number
      window.advance(count)
      taken += count
    }
    this.#tables = readSequences(block.subarray(length), this.#tables, (literals, offset, match) => {
      if (literals > 0) takeLiterals(literals)
      if (window.end + match > limit) throw new ZstdError('has a block that is too long')
      copy(window, this.#distance(offset, literals), match)
    })
    takeLiterals(bytes.byteLength - taken)
    return window.copyFrom(from)
  }

  /** Values up to 3 are earlier distances; without literals before it, the last one would be pointless (3.1.1.5). */
  #distance(value: number, literals: number): number {
    const [first, second, third] = this.#offsets
    if (value > 3) {
      this.#offsets = [value - 3, first, second]
      return value - 3
    }
    const index = value - 1 + (literals === 0 ? 1 : 0)
    if (index === 0) return first
    if (index === 1) this.#offsets = [second, first, third]
    else this.#offsets = [index === 2 ? third : first - 1, first, second]
    return this.#offsets[0]
  }
}

function copy(window: SlidingWindow, distance: number, count: number): void {
  const { bytes, end } = window
  if (distance < 1 || distance > window.available) throw new ZstdError('points before its beginning')
  const from = end - distance
  if (distance >= count && count > 32) bytes.copyWithin(end, from, from + count)
  else for (let i = 0; i < count; i += 1) bytes[end + i] = bytes[from + i] as number
  window.advance(count)
}
