import { type BackwardBits, ZstdError } from './backward-bits.js'

/** A table of finite state entropy (RFC 8878, section 4.1), by state. */
export interface FseTable {
  readonly log: number
  readonly symbols: Uint8Array
  readonly bits: Uint8Array
  readonly bases: Uint16Array
}

const highestBit = (value: number): number => 31 - Math.clz32(value)

/** @param counts by symbol; -1 is «less than one» @throws ZstdError */
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

/** A table of one symbol, which takes no bits. */
export function repeatedSymbol(symbol: number): FseTable {
  return { log: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), bases: new Uint16Array(1) }
}

/** Reads a table's description. @returns the table and how many bytes it takes @throws ZstdError */
export function readFseTable(
  bytes: Uint8Array,
  { mostLog, mostSymbol }: { readonly mostLog: number; readonly mostSymbol: number },
): { readonly table: FseTable; readonly length: number } {
  let position = 0
  const look = (count: number): number => {
    const at = position >>> 3
    const word = (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16)
    return (word >>> (position & 7)) & ((1 << count) - 1)
  }
  const log = look(4) + 5
  position = 4
  if (log > mostLog) throw new ZstdError('has a table that is too large')
  const counts: number[] = []
  let remaining = 1 << log
  while (remaining > 0) {
    const width = highestBit(remaining + 1) + 1
    const low = (1 << (width - 1)) - 1
    const threshold = (1 << width) - 2 - remaining
    let value = look(width)
    if ((value & low) < threshold) {
      value &= low
      position += width - 1
    } else {
      position += width
      if (value > low) value -= threshold
    }
    const count = value - 1
    remaining -= Math.abs(count)
    counts.push(count)
    for (let zeros = count === 0 ? 3 : 0; zeros === 3;) {
      zeros = look(2)
      position += 2
      for (let i = 0; i < zeros; i += 1) counts.push(0)
      if (counts.length > mostSymbol + 1) break
    }
    if (counts.length > mostSymbol + 1 || remaining < 0) throw new ZstdError('has a wrong table')
  }
  const length = Math.ceil(position / 8)
  if (length > bytes.byteLength) throw new ZstdError('has a table that ends early')
  return { table: fseTable(counts, log), length }
}

/** A state that moves through a table. */
export class FseState {
  readonly #table: FseTable
  #state: number

  constructor(table: FseTable, bits: BackwardBits) {
    this.#table = table
    this.#state = bits.take(table.log)
  }

  get symbol(): number {
    return this.#table.symbols[this.#state] as number
  }

  next(bits: BackwardBits): void {
    const { bases, bits: widths } = this.#table
    this.#state = (bases[this.#state] as number) + bits.take(widths[this.#state] as number)
  }
}
