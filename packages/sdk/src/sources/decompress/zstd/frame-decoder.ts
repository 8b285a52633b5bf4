import { SlidingWindow } from '../sliding-window.js'
import { ZstdError } from './backward-bits.js'
import { largestBlockBytes } from './framing.js'
import { readLiteralsSection } from './literals.js'
import type { DecodedBy } from './misfit-literals.js'
import type { ProgramBuffers } from './program-buffers.js'
import { readSequences, type SequenceState } from './sequences.js'

/** Decodes the blocks of frames (RFC 8878, section 3.1.1.2), with the same memory for all frames. */
export class FrameDecoder {
  readonly #window = new SlidingWindow(largestBlockBytes)
  readonly #buffers: ProgramBuffers
  #code: DecodedBy | undefined
  #sequences: SequenceState | undefined
  #offsets: [number, number, number] = [1, 4, 8]

  constructor(buffers: ProgramBuffers) {
    this.#buffers = buffers
  }

  /** Starts a new frame, for which `begin` or `beginDirect` of the buffers has been called. */
  begin(): void {
    this.#window.begin(this.#buffers.reach)
    this.#code = undefined
    this.#sequences = undefined
    this.#offsets = [1, 4, 8]
  }

  /** @returns the content of a block that is stored uncompressed @throws ZstdError */
  stored(bytes: Uint8Array): Uint8Array {
    if (bytes.byteLength > this.#buffers.room) throw new ZstdError('has a block that is too long')
    this.#window.makeRoom(bytes.byteLength)
    this.#window.bytes.set(bytes, this.#window.end)
    this.#window.advance(bytes.byteLength)
    this.#buffers.advance(bytes.byteLength)
    return bytes
  }

  /** @returns the content of a block that repeats one byte @throws ZstdError */
  repeated(byte: number, count: number): Uint8Array {
    if (count > this.#buffers.room) throw new ZstdError('has a block that is too long')
    return this.stored(new Uint8Array(count).fill(byte))
  }

  /** @returns the content of a block @throws ZstdError */
  compressed(block: Uint8Array): Uint8Array {
    const window = this.#window
    const buffers = this.#buffers
    const { room, at } = buffers
    window.makeRoom(largestBlockBytes)
    const from = window.end
    const limit = from + room
    const { bytes, length, code, isInOutput } = readLiteralsSection(block, this.#code, room)
    this.#code = code
    if (isInOutput) buffers.stageLiterals()
    let taken = 0
    const takeLiterals = (count: number) => {
      if (taken + count > bytes.byteLength || window.end + count > limit) {
        throw new ZstdError('has a block that is too long')
      }
      const { bytes: target, end } = window
      // Most are only a few bytes, for which a call costs more than a loop.
      if (count > 32) target.set(bytes.subarray(taken, taken + count), end)
      else for (let i = 0; i < count; i += 1) target[end + i] = bytes[taken + i] as number
      window.advance(count)
      taken += count
    }
    this.#sequences = readSequences(block.subarray(length), this.#sequences, {
      isFar: buffers.isFar,
      onSequence: (literals, offset, match) => {
        if (literals > 0) takeLiterals(literals)
        if (window.end + match > limit) throw new ZstdError('has a block that is too long')
        const distance = this.#distance(offset, literals)
        const done = window.end - from
        if (distance > at + done && (distance > window.available || !buffers.mayCopy(distance, done))) {
          throw new ZstdError('points before its beginning')
        }
        copy(window, distance, match)
      },
    })
    takeLiterals(bytes.byteLength - taken)
    buffers.advance(window.end - from)
    return window.copyFrom(from)
  }

  /**
   * Values up to 3 are earlier distances; without literals they shift by one: repeating the last is pointless
   * (3.1.1.5).
   */
  #distance(value: number, literals: number): number {
    const [first, second, third] = this.#offsets
    if (value > 3) {
      this.#offsets = [value - 3, first, second]
      return value - 3
    }
    const index = value - 1 + (literals === 0 ? 1 : 0)
    if (index === 0) return first
    // A distance of 0 is invalid; zstd(1) turns it into 1.
    if (index === 1) this.#offsets = [second, first, third]
    else this.#offsets = [index === 2 ? third : Math.max(first - 1, 1), first, second]
    return this.#offsets[0]
  }
}

function copy(window: SlidingWindow, distance: number, count: number): void {
  const { bytes, end } = window
  const from = end - distance
  if (distance >= count && count > 32) bytes.copyWithin(end, from, from + count)
  else for (let i = 0; i < count; i += 1) bytes[end + i] = bytes[from + i] as number
  window.advance(count)
}
