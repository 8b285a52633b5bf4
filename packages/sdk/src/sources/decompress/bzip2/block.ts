import { type BitReader, OutOfBits } from './bits.js'
import type { Block } from './expand.js'
import { Bzip2Error, type HuffmanTable, huffmanTable, longestCode, longSymbol, shortCode } from './huffman.js'
import { undoRandomisation } from './randomised.js'

const groupSize = 50
const nearFront = 48

/**
 * Reads a block after its magic number and CRC: symbol map, selectors, Huffman tables, move-to-front, and the inverse
 * of the Burrows-Wheeler transform. There is no specification; this follows `decompress.c` of bzip2 1.0.8.
 * @throws Bzip2Error, OutOfBits
 */
export function readBlock(bits: BitReader, tt: Uint32Array): Block {
  const isRandomised = bits.take(1) !== 0
  const origin = bits.take(24)
  const symbols = readSymbolMap(bits)
  const symbolCount = symbols.length + 2
  const tableCount = bits.take(3)
  const selectorCount = bits.take(15)
  if (symbols.length === 0 || tableCount < 2 || tableCount > 6 || selectorCount === 0) {
    throw new Bzip2Error('has a damaged block header')
  }
  const selectors = readSelectors(bits, selectorCount, tableCount)
  const tables = Array.from({ length: tableCount }, () => huffmanTable(readLengths(bits, symbolCount)))
  const counts = new Uint32Array(256)
  const count = readMoveToFront(bits, { symbols, selectors, tables, counts, tt })
  if (origin >= count) throw new Bzip2Error('has a damaged block header')
  const block = { count, tt, first: invert(tt, counts, count, origin) }
  return isRandomised ? undoRandomisation(block) : block
}

function readSymbolMap(bits: BitReader): number[] {
  const rows = bits.take(16)
  const symbols: number[] = []
  for (let row = 0; row < 16; row += 1) {
    if ((rows & (0x8000 >> row)) === 0) continue
    const columns = bits.take(16)
    for (let column = 0; column < 16; column += 1) {
      if ((columns & (0x8000 >> column)) !== 0) symbols.push(row * 16 + column)
    }
  }
  return symbols
}

function readSelectors(bits: BitReader, count: number, tableCount: number): Uint8Array {
  const order = Array.from({ length: tableCount }, (_, index) => index)
  return Uint8Array.from({ length: count }, () => {
    let index = 0
    while (bits.take(1) === 1) {
      index += 1
      if (index >= tableCount) throw new Bzip2Error('names a table that it does not have')
    }
    const [table = 0] = order.splice(index, 1)
    order.unshift(table)
    return table
  })
}

function readLengths(bits: BitReader, symbolCount: number): Uint8Array {
  let length = bits.take(5)
  return Uint8Array.from({ length: symbolCount }, () => {
    for (;;) {
      if (length < 1 || length > longestCode) throw new Bzip2Error('has a code of an impossible length')
      if (bits.take(1) === 0) return length
      length += bits.take(1) === 0 ? 1 : -1
    }
  })
}

interface Coding {
  readonly symbols: readonly number[]
  readonly selectors: Uint8Array
  readonly tables: readonly HuffmanTable[]
  readonly counts: Uint32Array
  readonly tt: Uint32Array
}

function readMoveToFront(bits: BitReader, { symbols, selectors, tables, counts, tt }: Coding): number {
  const { bytes } = bits
  const bitCount = bytes.byteLength * 8
  let { position } = bits
  const order = Uint8Array.from(symbols)
  const end = symbols.length + 1
  let count = 0
  let group = 0
  let left = 0
  let table = tables[0] as HuffmanTable
  let { short } = table
  let run = 0
  let runBit = 1
  for (;;) {
    if (left === 0) {
      // Past the end the bits are zeros; at most one group is decoded from them.
      if (position > bitCount) throw new OutOfBits()
      const selector = selectors[group++]
      if (selector === undefined) throw new Bzip2Error('has more symbols than it announces')
      table = tables[selector] as HuffmanTable
      short = table.short
      left = groupSize
    }
    left -= 1
    const at = position >>> 3
    const word =
      (((bytes[at] as number) << 24) |
        ((bytes[at + 1] as number) << 16) |
        ((bytes[at + 2] as number) << 8) |
        (bytes[at + 3] as number)) <<
      (position & 7)
    const found = (short[word >>> (32 - shortCode)] as number) || longSymbol(word >>> (32 - longestCode), table)
    position += found & 31
    const symbol = found >>> 5
    if (symbol <= 1) {
      // Run lengths are numbers in base two with the digits 1 and 2.
      if (runBit > tt.length) throw new Bzip2Error('has a run that is longer than its block')
      run += runBit << symbol
      runBit <<= 1
      continue
    }
    if (run > 0) {
      if (count + run > tt.length) throw new Bzip2Error('has a block that is too long')
      const byte = order[0] as number
      tt.fill(byte, count, count + run)
      counts[byte] = (counts[byte] as number) + run
      count += run
      run = 0
      runBit = 1
    }
    if (symbol === end) break
    if (count >= tt.length) throw new Bzip2Error('has a block that is too long')
    const index = symbol - 1
    const byte = order[index] as number
    // Most are near the front, where a call costs more than a loop.
    if (index > nearFront) order.copyWithin(1, 0, index)
    else for (let i = index; i > 0; i -= 1) order[i] = order[i - 1] as number
    order[0] = byte
    counts[byte] = (counts[byte] as number) + 1
    tt[count++] = byte
  }
  if (position > bitCount) throw new OutOfBits()
  bits.position = position
  return count
}

function invert(tt: Uint32Array, counts: Uint32Array, count: number, origin: number): number {
  const starts = new Uint32Array(256)
  let sum = 0
  for (let byte = 0; byte < 256; byte += 1) {
    starts[byte] = sum
    sum += counts[byte] as number
  }
  for (let i = 0; i < count; i += 1) {
    const byte = (tt[i] as number) & 0xff
    const at = starts[byte] as number
    starts[byte] = at + 1
    tt[at] = (tt[at] as number) | (i << 8)
  }
  return (tt[origin] as number) >>> 8
}
