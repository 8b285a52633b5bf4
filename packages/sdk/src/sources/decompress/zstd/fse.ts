import { type BackwardBits, ZstdError } from './backward-bits.js'

/** A table of finite state entropy (RFC 8878, section 4.1), indexed by state. */
export interface FseTable {
  readonly log: number
  readonly symbols: Uint8Array
  readonly bits: Uint8Array
  readonly bases: Uint16Array
}

const highestBit = (value: number): number => 31 - Math.clz32(value)

/** @param counts by symbol; -1 means "less than one" @throws ZstdError */
export function fseTable(counts: readonly number[], log: number): FseTable {
  const size = 1 << log
  const symbols = new Uint8Array(size)
  const bits = new Uint8Array(size)
  const bases = new Uint16Array(size)
  const next = counts.map((count) => Math.abs(count))
  let high = size
  for (const [symbol, count] of counts.entries()) if (count === -1) symbols[(high -= 1)] = symbol
  const step = (size >> 1) + (size >> 3) + 3
  let at = 0
  for (const [symbol, count] of counts.entries()) {
    for (let i = 0; i < count; i += 1) {
      symbols[at] = symbol
      do at = (at + step) & (size - 1)
      while (at >= high)
    }
  }
  if (at !== 0) throw new ZstdError('has a wrong table')
  for (let state = 0; state < size; state += 1) {
    const symbol = symbols[state] as number
    const value = next[symbol] as number
    next[symbol] = value + 1
    bits[state] = log - highestBit(value)
    bases[state] = (value << (bits[state] as number)) - size
  }
  return { log, symbols, bits, bases }
}

/** A table with a single symbol, which takes no bits. */
export function repeatedSymbol(symbol: number): FseTable {
  return { log: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), bases: new Uint16Array(1) }
}

interface TableLimits {
  readonly mostLog: number
  readonly mostSymbol: number
}

/** Reads the description of a table. @returns the table and the number of bytes read @throws ZstdError */
export function readFseTable(
  bytes: Uint8Array,
  limits: TableLimits,
): { readonly table: FseTable; readonly length: number } {
  const bits = new DescriptionBits(bytes)
  const { counts, log } = readCounts(bits, limits)
  if (log > limits.mostLog) throw new ZstdError('has a table that is too large')
  if (bits.length > bytes.byteLength) throw new ZstdError('has a table that ends early')
  return { table: fseTable(counts, log), length: bits.length }
}

function readCounts(bits: DescriptionBits, { mostSymbol }: TableLimits): { counts: number[]; log: number } {
  const log = bits.look(4) + 5
  bits.position += 4
  if (log > 15) throw new ZstdError('has a table that is too large')
  const counts: number[] = []
  let remaining = 1 << log
  for (;;) {
    const width = highestBit(remaining + 1) + 1
    const low = (1 << (width - 1)) - 1
    const threshold = (1 << width) - 2 - remaining
    let value = bits.look(width)
    if ((value & low) < threshold) {
      value &= low
      bits.position += width - 1
    } else {
      bits.position += width
      if (value > low) value -= threshold
    }
    const count = value - 1
    remaining -= Math.abs(count)
    counts.push(count)
    if (remaining === 0) return { counts, log }
    bits.settle()
    if (count === 0) readZeros(bits, counts, mostSymbol)
    if (counts.length > mostSymbol) throw new ZstdError('has a wrong table')
  }
}

/** Reads how many further symbols have a count of 0: two bits, followed by two more as long as both are ones. */
function readZeros(bits: DescriptionBits, counts: number[], mostSymbol: number): void {
  for (let read = 1; counts.length <= mostSymbol; read += 1) {
    const zeros = bits.look(2)
    bits.position += 2
    for (let i = 0; i < zeros; i += 1) counts.push(0)
    if (zeros < 3) break
    if (read % 12 === 0) bits.settle()
  }
  bits.settle()
}

/** The bits of a table's description, from the first one on. Past the end they are zeros. */
class DescriptionBits {
  readonly #bytes: Uint8Array
  position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** The number of bytes that have been read, at least partly. */
  get length(): number {
    return Math.ceil(this.position / 8)
  }

  /** Returns up to 16 bits without consuming them. */
  look(count: number): number {
    const bytes = this.#bytes
    const at = this.position >>> 3
    const word = (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16)
    return (word >>> (this.position & 7)) & ((1 << count) - 1)
  }

  /**
   * zstd(1) reads four bytes at a time and none past the end, so a description that continues there is read again from
   * four bytes before the end. If there are fewer than eight bytes, it uses a copy padded with zeros.
   */
  settle(): void {
    const end = Math.max(this.#bytes.byteLength, 8) * 8
    if (this.position >= end) this.position = end - 32 + ((this.position - end) & 31)
  }
}

/** A state that moves through a table. */
export class FseState {
  readonly #table: FseTable
  #state: number

  constructor(table: FseTable, bits: BackwardBits) {
    this.#table = table
    this.#state = bits.takeState(table.log)
  }

  get symbol(): number {
    return this.#table.symbols[this.#state] as number
  }

  next(bits: BackwardBits): void {
    const { bases, bits: widths } = this.#table
    this.#state = (bases[this.#state] as number) + bits.takeState(widths[this.#state] as number)
  }
}
