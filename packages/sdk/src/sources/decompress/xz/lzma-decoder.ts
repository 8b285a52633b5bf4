import type { SlidingWindow } from '../sliding-window.js'
import {
  alignment,
  firstLengths,
  isMatch,
  isRep,
  isRep0Long,
  lengthCounts,
  lengthGroups,
  lengthStrides,
  literals,
  LzmaError,
  type LzmaState,
  matchLength,
  positionStates,
  repLength,
  slots,
  specialDistances,
  states,
} from './lzma-model.js'

const topValue = 2 ** 24
/** Shorter copies are faster as a loop. */
const shortCopy = 48

/**
 * Decodes one chunk into the window, which has room for it.
 *
 * One step decodes one bit: the part of `range` that its probability takes, and the probability's new value. The step
 * is written out nine times, because all of it then stays in registers: with a function for it, which would have to
 * keep its variables in memory, decoding takes 1.7 times as long.
 * @param reach how far back the dictionary allows to copy from
 * @throws LzmaError
 */
export function decodeChunk(
  input: Uint8Array,
  count: number,
  { window, reach, lzma }: { readonly window: SlidingWindow; readonly reach: number; readonly lzma: LzmaState },
): void {
  const probs = lzma.probabilities
  const out = window.bytes
  const { end: from } = window
  const limit = from + count
  // What may be copied at `at` is `at + before` bytes long.
  const before = window.available - from
  const literalContextBits = lzma.literalContextBits
  const literalPositionMask = lzma.literalPositionMask
  const positionMask = lzma.positionMask
  const base = lzma.position - from
  const inputEnd = input.byteLength
  let [rep0, rep1, rep2, rep3] = lzma.distances
  let state = lzma.state
  let at = from

  if (inputEnd < 5 || input[0] !== 0) throw new LzmaError('has a wrong range coder')
  // Unsigned 32-bit numbers kept as signed ones: the others would be allocated anew with every bit.
  let range = -1
  let code = new DataView(input.buffer, input.byteOffset + 1, 4).getInt32(0)
  let next = 5
  let index = 0
  let probability = 0
  let bound = 0

  while (at < limit) {
    // Past its end the input reads as zeros; nothing decoded of them is kept.
    if (next > inputEnd) throw new LzmaError('has a chunk that ends too early')
    const positionState = (base + at) & positionMask
    index = isMatch + state * positionStates + positionState
    probability = probs[index] as number
    bound = Math.imul(range >>> 11, probability)
    if (code >>> 0 < bound >>> 0) {
      range = bound
      probs[index] = probability + ((2048 - probability) >> 5)
      if (range >>> 0 < topValue) {
        range <<= 8
        code = (code << 8) | (input[next++] as number)
      }
      const previous = at + before > 0 ? (out[at - 1] as number) : 0
      const context =
        (((base + at) & literalPositionMask) << literalContextBits) + (previous >> (8 - literalContextBits))
      const start = literals + 0x300 * context
      // As long as a literal's bits are those of the byte that would have been copied, they have other probabilities.
      let matched = 0
      let offset = 0
      if (state >= 7) {
        if (rep0 >= at + before || rep0 >= reach) throw new LzmaError('points before its beginning')
        matched = out[at - rep0 - 1] as number
        offset = 0x100
      }
      let symbol = 1
      do {
        matched <<= 1
        const matchBit = matched & offset
        index = start + offset + matchBit + symbol
        probability = probs[index] as number
        bound = Math.imul(range >>> 11, probability)
        if (code >>> 0 < bound >>> 0) {
          range = bound
          probs[index] = probability + ((2048 - probability) >> 5)
          symbol <<= 1
          offset &= ~matchBit
        } else {
          range = (range - bound) | 0
          code = (code - bound) | 0
          probs[index] = probability - (probability >> 5)
          symbol = (symbol << 1) | 1
          offset &= matchBit
        }
        if (range >>> 0 < topValue) {
          range <<= 8
          code = (code << 8) | (input[next++] as number)
        }
      } while (symbol < 0x100)
      out[at++] = symbol
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6
      continue
    }
    range = (range - bound) | 0
    code = (code - bound) | 0
    probs[index] = probability - (probability >> 5)
    if (range >>> 0 < topValue) {
      range <<= 8
      code = (code << 8) | (input[next++] as number)
    }

    // A new distance is 0; 1 to 4 repeat the last ones.
    let kind = 0
    for (index = isRep + state; kind < 4; kind += 1, index += states) {
      probability = probs[index] as number
      bound = Math.imul(range >>> 11, probability)
      const isThis = code >>> 0 < bound >>> 0
      if (isThis) {
        range = bound
        probs[index] = probability + ((2048 - probability) >> 5)
      } else {
        range = (range - bound) | 0
        code = (code - bound) | 0
        probs[index] = probability - (probability >> 5)
      }
      if (range >>> 0 < topValue) {
        range <<= 8
        code = (code << 8) | (input[next++] as number)
      }
      if (isThis) break
    }
    if (kind === 1) {
      index = isRep0Long + state * positionStates + positionState
      probability = probs[index] as number
      bound = Math.imul(range >>> 11, probability)
      const isShort = code >>> 0 < bound >>> 0
      if (isShort) {
        range = bound
        probs[index] = probability + ((2048 - probability) >> 5)
      } else {
        range = (range - bound) | 0
        code = (code - bound) | 0
        probs[index] = probability - (probability >> 5)
      }
      if (range >>> 0 < topValue) {
        range <<= 8
        code = (code << 8) | (input[next++] as number)
      }
      if (isShort) {
        if (rep0 >= at + before || rep0 >= reach) throw new LzmaError('points before its beginning')
        out[at] = out[at - rep0 - 1] as number
        at += 1
        state = state < 7 ? 9 : 11
        continue
      }
    } else if (kind > 1) {
      const distance = kind === 2 ? rep1 : kind === 3 ? rep2 : rep3
      if (kind === 4) rep3 = rep2
      if (kind > 2) rep2 = rep1
      rep1 = rep0
      rep0 = distance
    }

    const lengths = kind === 0 ? matchLength : repLength
    let group = 0
    for (index = lengths; group < 2; group += 1, index += 1) {
      probability = probs[index] as number
      bound = Math.imul(range >>> 11, probability)
      const isThis = code >>> 0 < bound >>> 0
      if (isThis) {
        range = bound
        probs[index] = probability + ((2048 - probability) >> 5)
      } else {
        range = (range - bound) | 0
        code = (code - bound) | 0
        probs[index] = probability - (probability >> 5)
      }
      if (range >>> 0 < topValue) {
        range <<= 8
        code = (code << 8) | (input[next++] as number)
      }
      if (isThis) break
    }
    let start = lengths + lengthGroups + group * positionStates * 8 + positionState * (lengthStrides[group] as number)
    let top = lengthCounts[group] as number
    let symbol = 1
    let copied = 0
    // The length, and after it the slot of a new distance.
    for (;;) {
      do {
        index = start + symbol
        probability = probs[index] as number
        bound = Math.imul(range >>> 11, probability)
        if (code >>> 0 < bound >>> 0) {
          range = bound
          probs[index] = probability + ((2048 - probability) >> 5)
          symbol <<= 1
        } else {
          range = (range - bound) | 0
          code = (code - bound) | 0
          probs[index] = probability - (probability >> 5)
          symbol = (symbol << 1) | 1
        }
        if (range >>> 0 < topValue) {
          range <<= 8
          code = (code << 8) | (input[next++] as number)
        }
      } while (symbol < top)
      if (copied > 0) break
      copied = (firstLengths[group] as number) + symbol - top
      if (kind > 0) break
      start = slots + (copied < 6 ? copied - 2 : 3) * 64
      top = 64
      symbol = 1
    }

    if (kind > 0) state = state < 7 ? 8 : 11
    else {
      state = state < 7 ? 7 : 10
      rep3 = rep2
      rep2 = rep1
      rep1 = rep0
      const slot = symbol - 64
      rep0 = slot
      if (slot >= 4) {
        let bits = (slot >> 1) - 1
        rep0 = 2 | (slot & 1)
        if (slot < 14) {
          rep0 <<= bits
          start = specialDistances + rep0 - slot
        } else {
          for (; bits > 4; bits -= 1) {
            range >>>= 1
            code = (code - range) | 0
            const borrow = code >> 31
            code = (code + (range & borrow)) | 0
            rep0 = (rep0 << 1) + borrow + 1
            if (range >>> 0 < topValue) {
              range <<= 8
              code = (code << 8) | (input[next++] as number)
            }
          }
          rep0 <<= 4
          start = alignment
        }
        symbol = 1
        for (let i = 0; i < bits; i += 1) {
          index = start + symbol
          probability = probs[index] as number
          bound = Math.imul(range >>> 11, probability)
          if (code >>> 0 < bound >>> 0) {
            range = bound
            probs[index] = probability + ((2048 - probability) >> 5)
            symbol <<= 1
          } else {
            range = (range - bound) | 0
            code = (code - bound) | 0
            probs[index] = probability - (probability >> 5)
            symbol = (symbol << 1) | 1
            rep0 += 1 << i
          }
          if (range >>> 0 < topValue) {
            range <<= 8
            code = (code << 8) | (input[next++] as number)
          }
        }
        rep0 >>>= 0
      }
    }

    if (rep0 >= at + before || rep0 >= reach) throw new LzmaError('points before its beginning')
    const stop = at + copied
    if (stop > limit) throw new LzmaError('has a match that is longer than its chunk')
    let source = at - rep0 - 1
    if (copied > shortCopy && rep0 + 1 >= copied) {
      out.copyWithin(at, source, source + copied)
      at = stop
    } else while (at < stop) out[at++] = out[source++] as number
  }
  if (next !== inputEnd || code !== 0) throw new LzmaError('has a chunk that does not end with its content')
  lzma.distances = [rep0, rep1, rep2, rep3]
  lzma.state = state
  lzma.position = (lzma.position + count) | 0
  window.advance(count)
}
