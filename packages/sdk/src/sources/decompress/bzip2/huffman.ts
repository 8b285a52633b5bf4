import type { BitReader } from './bits.js'

/** Content that no encoder makes. */
export class Bzip2Error extends Error {}

const longestCode = 20

/** A prefix code as bzip2 has it: canonical, of lengths up to 20. */
export interface HuffmanTable {
  readonly shortest: number
  /** By length: the last code of it, aligned to the left in 20 bits; then what to add to get an index. */
  readonly limits: Int32Array
  readonly offsets: Int32Array
  readonly symbols: Uint16Array
}

export function huffmanTable(lengths: Uint8Array): HuffmanTable {
  const counts = new Int32Array(longestCode + 2)
  for (const length of lengths) counts[length] = (counts[length] as number) + 1
  const symbols = new Uint16Array(lengths.length)
  const limits = new Int32Array(longestCode + 2).fill(-1)
  const offsets = new Int32Array(longestCode + 2)
  let code = 0
  let index = 0
  for (let length = 1; length <= longestCode; length += 1) {
    const count = counts[length] as number
    offsets[length] = index - code
    for (let symbol = 0; symbol < lengths.length; symbol += 1) {
      if (lengths[symbol] === length) symbols[index++] = symbol
    }
    code += count
    limits[length] = code << (longestCode - length)
    code <<= 1
  }
  return { shortest: lengths.reduce((least, length) => Math.min(least, length), longestCode), limits, offsets, symbols }
}

/** @throws Bzip2Error for a code that stands for nothing; OutOfBits */
export function readSymbol(bits: BitReader, table: HuffmanTable): number {
  const { limits, offsets, symbols, shortest } = table
  const code = bits.look(longestCode)
  for (let length = shortest; length <= longestCode; length += 1) {
    if (code >= (limits[length] as number)) continue
    bits.take(length)
    return symbols[(code >> (longestCode - length)) + (offsets[length] as number)] as number
  }
  throw new Bzip2Error('has a code that stands for nothing')
}
