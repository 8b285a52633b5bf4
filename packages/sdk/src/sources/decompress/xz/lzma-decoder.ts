import {
  alignment,
  type Chunk,
  firstLengths,
  isMatch,
  isRep,
  isRep0Long,
  lengthCounts,
  lengthGroups,
  lengthStrides,
  literals,
  LzmaError,
  matchLength,
  positionStates,
  repLength,
  slots,
  specialDistances,
  states,
} from './lzma-model.js'

/** Makes a signed comparison of two numbers act as an unsigned one; `>>> 0` would allocate numbers from 2 ** 31 on. */
const sign = -0x80000000
const biasedTop = 2 ** 24 + sign
/** With this added, a probability moves by 1/32 towards 2048, rounded as in liblzma; without it, towards 0. */
const zeroStep = 31 - 2048
/** Content decoded in one call: little, so that V8 has soon run all of the function and compiles it only once. */
const stepBytes = 256

/**
 * Decodes `stepBytes`, fewer if the chunk ends, and the rest of the last match beyond them.
 *
 * The code for decoding one bit is repeated nine times so that all its variables stay in registers: with a function,
 * which would keep them in memory, decoding takes 1.7 times as long. There is no branch where only numbers depend on
 * the bit, as it would often be mispredicted: `below`, the borrow of `code - bound`, is -1 for a 0, and 0 for a 1.
 * @returns the position where it stopped
 * @throws LzmaError
 */
export function decodeFrom(chunk: Chunk, from: number): number {
  const { input, out, view, lzma, limit, before, reach, base } = chunk
  const { probabilities: probs, literalContextBits, literalPositionMask, positionMask } = lzma
  const inputEnd = input.byteLength
  const pause = Math.min(from + stepBytes, limit)
  let { next, range, code } = chunk
  let { state, rep0, rep1, rep2, rep3 } = lzma
  let at = from
  let previous = at + before > 0 ? (out[at - 1] as number) : 0
  let index = 0
  let probability = 0
  let bound = 0
  let below = 0

  while (at < pause) {
    // Past its end the input reads as zeros; nothing decoded from them is kept.
    if (next > inputEnd) throw new LzmaError('has a chunk that ends too early')
    const positionState = (base + at) & positionMask
    index = isMatch + state * positionStates + positionState
    probability = probs[index] as number
    bound = Math.imul(range >>> 11, probability)
    if ((code ^ sign) < (bound ^ sign)) {
      range = bound
      probs[index] = probability + ((2048 - probability) >> 5)
      if ((range ^ sign) < biasedTop) {
        range <<= 8
        code = (code << 8) | (input[next++] as number)
      }
      const context =
        (((base + at) & literalPositionMask) << literalContextBits) + (previous >> (8 - literalContextBits))
      const start = literals + 0x300 * context
      let symbol = 1
      if (state < 7) {
        do {
          index = start + symbol
          probability = probs[index] as number
          bound = Math.imul(range >>> 11, probability)
          below = ((~code & bound) | (~(code ^ bound) & (code - bound))) >> 31
          range = (range - bound) | 0
          range ^= (range ^ bound) & below
          code = (code - (bound & ~below)) | 0
          probs[index] = probability - ((probability + (below & zeroStep)) >> 5)
          symbol = (symbol << 1) + 1 + below
          if ((range ^ sign) < biasedTop) {
            range <<= 8
            code = (code << 8) | (input[next++] as number)
          }
        } while (symbol < 0x100)
        state = state < 4 ? 0 : state - 3
      } else {
        // As long as a literal's bits equal those of the byte at the last distance, they have separate probabilities.
        let matched = out[at - rep0 - 1] as number
        let offset = 0x100
        do {
          matched <<= 1
          const matchBit = matched & offset
          index = start + offset + matchBit + symbol
          probability = probs[index] as number
          bound = Math.imul(range >>> 11, probability)
          below = ((~code & bound) | (~(code ^ bound) & (code - bound))) >> 31
          range = (range - bound) | 0
          range ^= (range ^ bound) & below
          code = (code - (bound & ~below)) | 0
          probs[index] = probability - ((probability + (below & zeroStep)) >> 5)
          symbol = (symbol << 1) + 1 + below
          offset &= matchBit ^ below
          if ((range ^ sign) < biasedTop) {
            range <<= 8
            code = (code << 8) | (input[next++] as number)
          }
        } while (symbol < 0x100)
        state = state < 10 ? state - 3 : state - 6
      }
      previous = symbol & 0xff
      out[at++] = previous
      continue
    }
    range = (range - bound) | 0
    code = (code - bound) | 0
    probs[index] = probability - (probability >> 5)
    if ((range ^ sign) < biasedTop) {
      range <<= 8
      code = (code << 8) | (input[next++] as number)
    }

    // 0 is a new distance; 1 to 4 repeat earlier ones.
    let kind = 0
    for (index = isRep + state; kind < 4; kind += 1, index += states) {
      probability = probs[index] as number
      bound = Math.imul(range >>> 11, probability)
      const isThis = (code ^ sign) < (bound ^ sign)
      if (isThis) {
        range = bound
        probs[index] = probability + ((2048 - probability) >> 5)
      } else {
        range = (range - bound) | 0
        code = (code - bound) | 0
        probs[index] = probability - (probability >> 5)
      }
      if ((range ^ sign) < biasedTop) {
        range <<= 8
        code = (code << 8) | (input[next++] as number)
      }
      if (isThis) break
    }
    if (kind === 1) {
      index = isRep0Long + state * positionStates + positionState
      probability = probs[index] as number
      bound = Math.imul(range >>> 11, probability)
      const isShort = (code ^ sign) < (bound ^ sign)
      if (isShort) {
        range = bound
        probs[index] = probability + ((2048 - probability) >> 5)
      } else {
        range = (range - bound) | 0
        code = (code - bound) | 0
        probs[index] = probability - (probability >> 5)
      }
      if ((range ^ sign) < biasedTop) {
        range <<= 8
        code = (code << 8) | (input[next++] as number)
      }
      if (isShort) {
        if (rep0 >= at + before || rep0 >= reach) throw new LzmaError('points before its beginning')
        previous = out[at - rep0 - 1] as number
        out[at++] = previous
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
      const isThis = (code ^ sign) < (bound ^ sign)
      if (isThis) {
        range = bound
        probs[index] = probability + ((2048 - probability) >> 5)
      } else {
        range = (range - bound) | 0
        code = (code - bound) | 0
        probs[index] = probability - (probability >> 5)
      }
      if ((range ^ sign) < biasedTop) {
        range <<= 8
        code = (code << 8) | (input[next++] as number)
      }
      if (isThis) break
    }
    let start = lengths + lengthGroups + group * positionStates * 8 + positionState * (lengthStrides[group] as number)
    let top = lengthCounts[group] as number
    let symbol = 1
    let copied = 0
    // Decodes the length, and then the slot of a new distance.
    for (;;) {
      do {
        index = start + symbol
        probability = probs[index] as number
        bound = Math.imul(range >>> 11, probability)
        below = ((~code & bound) | (~(code ^ bound) & (code - bound))) >> 31
        range = (range - bound) | 0
        range ^= (range ^ bound) & below
        code = (code - (bound & ~below)) | 0
        probs[index] = probability - ((probability + (below & zeroStep)) >> 5)
        symbol = (symbol << 1) + 1 + below
        if ((range ^ sign) < biasedTop) {
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
            if ((range ^ sign) < biasedTop) {
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
          below = ((~code & bound) | (~(code ^ bound) & (code - bound))) >> 31
          range = (range - bound) | 0
          range ^= (range ^ bound) & below
          code = (code - (bound & ~below)) | 0
          probs[index] = probability - ((probability + (below & zeroStep)) >> 5)
          symbol = (symbol << 1) + 1 + below
          rep0 = (rep0 + ((1 + below) << i)) | 0
          if ((range ^ sign) < biasedTop) {
            range <<= 8
            code = (code << 8) | (input[next++] as number)
          }
        }
      }
    }

    if (rep0 < 0 || rep0 >= at + before || rep0 >= reach) throw new LzmaError('points before its beginning')
    const stop = at + copied
    if (stop > limit) throw new LzmaError('has a match that is longer than its chunk')
    let source = at - rep0 - 1
    if (rep0 < 3) {
      // Distances of one, two or three: after twelve bytes, the pattern repeats at a distance of twelve.
      for (const near = Math.min(stop, at + 12); at < near;) out[at++] = out[source++] as number
      source = at - 12
    }
    while (at < stop) {
      view.setInt32(at, view.getInt32(source, true), true)
      at += 4
      source += 4
    }
    at = stop
    previous = out[at - 1] as number
  }
  chunk.next = next
  chunk.range = range
  chunk.code = code
  lzma.state = state
  lzma.rep0 = rep0
  lzma.rep1 = rep1
  lzma.rep2 = rep2
  lzma.rep3 = rep3
  return at
}
