/** Content that no encoder produces. */
export class Bzip2Error extends Error {}

export const longestCode = 20
/** Codes up to this length are found with a single table lookup. */
export const shortCode = 10

/** A prefix code of bzip2: canonical, with lengths up to 20. */
export interface HuffmanTable {
  /** Indexed by the next `shortCode` bits: the symbol and, in the lowest five bits, its length; 0 for a longer code. */
  readonly short: Uint16Array
  /** Indexed by length: the limit of its codes, left-aligned in 20 bits, and the offset from a code to its index. */
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
  const short = new Uint16Array(1 << shortCode)
  let code = 0
  let index = 0
  for (let length = 1; length <= longestCode; length += 1) {
    const count = counts[length] as number
    offsets[length] = index - code
    for (let symbol = 0; symbol < lengths.length; symbol += 1) {
      if (lengths[symbol] !== length) continue
      symbols[index++] = symbol
      if (length > shortCode) continue
      const from = (index - 1 - (offsets[length] as number)) << (shortCode - length)
      short.fill((symbol << 5) | length, from, from + (1 << (shortCode - length)))
    }
    code += count
    limits[length] = code << (longestCode - length)
    code <<= 1
  }
  return { short, limits, offsets, symbols }
}

/**
 * A code that is longer than `shortCode`, from the next 20 bits.
 * @returns as in `short` @throws Bzip2Error for an unassigned code
 */
export function longSymbol(code: number, { limits, offsets, symbols }: HuffmanTable): number {
  for (let length = 1; length <= longestCode; length += 1) {
    if (code >= (limits[length] as number)) continue
    const symbol = symbols[(code >> (longestCode - length)) + (offsets[length] as number)]
    if (symbol !== undefined) return (symbol << 5) | length
  }
  throw new Bzip2Error('has a code that stands for nothing')
}
