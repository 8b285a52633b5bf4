import type { SlidingWindow } from '../sliding-window.js'

/** Content that no encoder makes. */
export class LzmaError extends Error {}

const topValue = 2 ** 24
const half = 1024
const probabilityBits = 11
const shift = 5

const states = 12
const positionStates = 16
const lengthSlots = 4
const lowLengths = 8
const highLengths = 256

/** Where each group of probabilities begins in the one array that holds them all. */
const isMatch = 0
const isRep = isMatch + states * positionStates
const isRep0 = isRep + states
const isRep1 = isRep0 + states
const isRep2 = isRep1 + states
const isRep0Long = isRep2 + states
const slots = isRep0Long + states * positionStates
const specialDistances = slots + lengthSlots * 64
const alignment = specialDistances + 128
const matchLength = alignment + 16
const lengthLow = 2
const lengthMiddle = lengthLow + positionStates * lowLengths
const lengthHigh = lengthMiddle + positionStates * lowLengths
const lengthSize = lengthHigh + highLengths
const repLength = matchLength + lengthSize
const literals = repLength + lengthSize
const probabilities = literals + 0x300 * 16

/**
 * LZMA (the algorithm's reference is `lzma-specification.txt` of the LZMA SDK) as LZMA2 cuts it into chunks: a range
 * coder that begins anew with each chunk, and probabilities, state and distances that may outlive it.
 */
export class LzmaDecoder {
  readonly #probabilities = new Uint16Array(probabilities)
  #literalContextBits = 0
  #literalPositionMask = 0
  #positionMask = 0
  #state = 0
  #distances: [number, number, number, number] = [0, 0, 0, 0]
  #position = 0

  /** Forgets everything but lc, lp and pb. */
  reset(): void {
    this.#probabilities.fill(half)
    this.#state = 0
    this.#distances = [0, 0, 0, 0]
  }

  /**
   * The byte that packs lc, lp and pb.
   * @throws LzmaError
   */
  setProperties(byte: number): void {
    const lc = byte % 9
    const lp = Math.floor(byte / 9) % 5
    const pb = Math.floor(byte / 45)
    if (pb > 4 || lc + lp > 4) throw new LzmaError('has wrong LZMA properties')
    this.#literalContextBits = lc
    this.#literalPositionMask = (1 << lp) - 1
    this.#positionMask = (1 << pb) - 1
    this.reset()
  }

  /** The position in the content counts for the probabilities; a new dictionary begins at 0, stored bytes count too. */
  restart(): void {
    this.#position = 0
  }

  advance(count: number): void {
    this.#position = (this.#position + count) | 0
  }

  /**
   * Decodes one chunk into the window, which has room for it.
   * @throws LzmaError
   */
  decode(input: Uint8Array, count: number, window: SlidingWindow): void {
    const probs = this.#probabilities
    const out = window.bytes
    const { end: from } = window
    const limit = from + count
    // What may be copied at `at` is `at + before` bytes long.
    const before = window.available - from
    const literalContextBits = this.#literalContextBits
    const literalPositionMask = this.#literalPositionMask
    const positionMask = this.#positionMask
    const base = this.#position - from
    const inputEnd = input.byteLength
    let [rep0, rep1, rep2, rep3] = this.#distances
    let state = this.#state
    let at = from

    if (inputEnd < 5 || input[0] !== 0) throw new LzmaError('has a wrong range coder')
    // Unsigned 32-bit numbers kept as signed ones: the others would be allocated anew with every bit.
    let range = -1
    let code = new DataView(input.buffer, input.byteOffset + 1, 4).getInt32(0)
    let next = 5

    const bit = (index: number): 0 | 1 => {
      const probability = probs[index] as number
      const bound = Math.imul(range >>> probabilityBits, probability)
      let result: 0 | 1
      if (code >>> 0 < bound >>> 0) {
        range = bound
        probs[index] = probability + ((2048 - probability) >> shift)
        result = 0
      } else {
        range = (range - bound) | 0
        code = (code - bound) | 0
        probs[index] = probability - (probability >> shift)
        result = 1
      }
      if (range >>> 0 < topValue) {
        range <<= 8
        code = (code << 8) | (input[next] as number)
        next += 1
      }
      return result
    }
    const tree = (start: number, bits: number): number => {
      let symbol = 1
      for (let i = 0; i < bits; i += 1) symbol = (symbol << 1) | bit(start + symbol)
      return symbol - (1 << bits)
    }
    const reverseTree = (start: number, bits: number): number => {
      let symbol = 1
      let result = 0
      for (let i = 0; i < bits; i += 1) {
        const value = bit(start + symbol)
        symbol = (symbol << 1) | value
        result |= value << i
      }
      return result
    }
    const direct = (bits: number): number => {
      let result = 0
      for (let i = 0; i < bits; i += 1) {
        range >>>= 1
        const value = code >>> 0 >= range >>> 0 ? 1 : 0
        if (value === 1) code = (code - range) | 0
        result = (result << 1) | value
        if (range >>> 0 < topValue) {
          range <<= 8
          code = (code << 8) | (input[next] as number)
          next += 1
        }
      }
      return result
    }
    const length = (start: number, positionState: number): number => {
      if (bit(start) === 0) return 2 + tree(start + lengthLow + positionState * lowLengths, 3)
      if (bit(start + 1) === 0) return 10 + tree(start + lengthMiddle + positionState * lowLengths, 3)
      return 18 + tree(start + lengthHigh, 8)
    }

    while (at < limit) {
      // Past its end the input reads as zeros; nothing decoded of them is kept.
      if (next > inputEnd) throw new LzmaError('has a chunk that ends too early')
      const positionState = (base + at) & positionMask
      if (bit(isMatch + state * positionStates + positionState) === 0) {
        const previous = at + before > 0 ? (out[at - 1] as number) : 0
        const context =
          (((base + at) & literalPositionMask) << literalContextBits) + (previous >> (8 - literalContextBits))
        const start = literals + 0x300 * context
        let symbol = 1
        if (state >= 7) {
          if (rep0 >= at + before) throw new LzmaError('points before its beginning')
          let matched = out[at - rep0 - 1] as number
          do {
            const matchBit = (matched >> 7) & 1
            matched <<= 1
            const value = bit(start + ((1 + matchBit) << 8) + symbol)
            symbol = (symbol << 1) | value
            if (matchBit !== value) break
          } while (symbol < 0x100)
        }
        while (symbol < 0x100) symbol = (symbol << 1) | bit(start + symbol)
        out[at] = symbol
        at += 1
        state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6
        continue
      }
      let copied: number
      if (bit(isRep + state) === 0) {
        rep3 = rep2
        rep2 = rep1
        rep1 = rep0
        copied = length(matchLength, positionState)
        state = state < 7 ? 7 : 10
        const slot = tree(slots + Math.min(copied - 2, lengthSlots - 1) * 64, 6)
        if (slot < 4) rep0 = slot
        else {
          const bits = (slot >> 1) - 1
          rep0 = ((2 | (slot & 1)) << bits) >>> 0
          rep0 +=
            slot < 14
              ? reverseTree(specialDistances + rep0 - slot, bits)
              : direct(bits - 4) * 16 + reverseTree(alignment, 4)
        }
      } else {
        if (bit(isRep0 + state) === 0) {
          if (bit(isRep0Long + state * positionStates + positionState) === 0) {
            if (rep0 >= at + before) throw new LzmaError('points before its beginning')
            out[at] = out[at - rep0 - 1] as number
            at += 1
            state = state < 7 ? 9 : 11
            continue
          }
        } else {
          let distance: number
          if (bit(isRep1 + state) === 0) distance = rep1
          else {
            if (bit(isRep2 + state) === 0) distance = rep2
            else {
              distance = rep3
              rep3 = rep2
            }
            rep2 = rep1
          }
          rep1 = rep0
          rep0 = distance
        }
        copied = length(repLength, positionState)
        state = state < 7 ? 8 : 11
      }
      if (rep0 >= at + before) throw new LzmaError('points before its beginning')
      const stop = at + copied
      if (stop > limit) throw new LzmaError('has a match that is longer than its chunk')
      let source = at - rep0 - 1
      if (copied > 48 && rep0 + 1 >= copied) {
        out.copyWithin(at, source, source + copied)
        at = stop
      } else while (at < stop) out[at++] = out[source++] as number
    }
    if (next !== inputEnd || code !== 0) throw new LzmaError('has a chunk that does not end with its content')
    this.#distances = [rep0, rep1, rep2, rep3]
    this.#state = state
    this.#position = (this.#position + count) | 0
    window.advance(count)
  }
}
