import { BackwardBits, ZstdError } from './backward-bits.js'
import { FseState, readFseTable } from './fse.js'

/** One more than in the specification, as in zstd itself. */
const mostBits = 12
const weightTables = { mostLog: 6, mostSymbol: 255 }

/** A Huffman code of literals (RFC 8878, section 4.2), indexed by the next bits. */
export interface HuffmanCode {
  readonly log: number
  readonly symbols: Uint8Array
  readonly bits: Uint8Array
}

/** @returns the code and the length of its description in bytes @throws ZstdError */
export function readHuffmanCode(bytes: Uint8Array): { readonly code: HuffmanCode; readonly length: number } {
  const [header] = bytes
  if (header === undefined) throw new ZstdError('has a block that ends early')
  const size = header < 128 ? header : (header - 126) >> 1
  if (1 + size > bytes.byteLength) throw new ZstdError('has a block that ends early')
  const body = bytes.subarray(1, 1 + size)
  const weights = header < 128 ? compressedWeights(body) : plainWeights(body, header - 127)
  return { code: codeOf(weights), length: 1 + size }
}

function plainWeights(bytes: Uint8Array, count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const byte = bytes[index >> 1] as number
    return index % 2 === 0 ? byte >> 4 : byte & 15
  })
}

/** Two states alternate until the bits are used up; then each of them yields a last symbol (section 4.2.1.2). */
function compressedWeights(bytes: Uint8Array): number[] {
  const { table, length } = readFseTable(bytes, weightTables)
  const bits = new BackwardBits(bytes.subarray(length))
  let current = new FseState(table, bits)
  let other = new FseState(table, bits)
  const weights: number[] = []
  while (weights.length < 255) {
    weights.push(current.symbol)
    current.next(bits)
    if (bits.left < 0) return [...weights, other.symbol]
    const before = current
    current = other
    other = before
  }
  throw new ZstdError('has too many weights')
}

function codeOf(weights: readonly number[]): HuffmanCode {
  const sum = weights.reduce((total, weight) => total + (weight > 0 ? 2 ** (weight - 1) : 0), 0)
  const log = sum === 0 ? 0 : 32 - Math.clz32(sum)
  const rest = 2 ** log - sum
  if (log === 0 || log > mostBits || (rest & (rest - 1)) !== 0 || weights.length > 255) {
    throw new ZstdError('has a wrong Huffman code')
  }
  const lengths = [...weights, 32 - Math.clz32(rest)].map((weight) => (weight > 0 ? log + 1 - weight : 0))
  // The number of longest codes is even.
  const longest = lengths.filter((length) => length === log).length
  if (longest < 2 || longest % 2 !== 0) throw new ZstdError('has a wrong Huffman code')
  const symbols = new Uint8Array(1 << log)
  const bits = new Uint8Array(1 << log)
  let at = 0
  for (let length = log; length > 0; length -= 1) {
    for (const [symbol, own] of lengths.entries()) {
      if (own !== length) continue
      const span = 1 << (log - length)
      symbols.fill(symbol, at, at + span)
      bits.fill(length, at, at + span)
      at += span
    }
  }
  return { log, symbols, bits }
}

/**
 * Decodes literals until the target is full or the bits are used up.
 * @returns whether the bits end exactly with the last literal, as in all valid data
 */
export function decodeLiterals(
  bits: BackwardBits,
  { log, symbols, bits: widths }: HuffmanCode,
  target: Uint8Array,
): boolean {
  const { bytes } = bits
  const mask = (1 << log) - 1
  const count = target.byteLength
  let { left } = bits
  let i = 0
  for (; left >= log && i < count; i += 1) {
    const from = left - log
    const at = from >>> 3
    const word = (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16)
    const index = (word >>> (from & 7)) & mask
    target[i] = symbols[index] as number
    left -= widths[index] as number
  }
  bits.left = left
  for (; i < count; i += 1) {
    if (bits.left <= 0) return false
    const index = bits.look(log)
    target[i] = symbols[index] as number
    bits.left -= widths[index] as number
  }
  return bits.left === 0
}
