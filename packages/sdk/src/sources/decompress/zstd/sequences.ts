import { BackwardBits, ZstdError } from './backward-bits.js'
import { FseState, fseTable, type FseTable, readFseTable, repeatedSymbol } from './fse.js'

/** One of the three codes of sequences: its limits, and the default table (RFC 8878, section 3.1.1.3.2). */
interface SequenceCode {
  readonly mostLog: number
  readonly mostSymbol: number
  readonly preset: FseTable
}

const ones = (count: number) => Array.from({ length: count }, () => 1)
const rare = (count: number) => Array.from({ length: count }, () => -1)
const twos = (count: number) => Array.from({ length: count }, () => 2)

const codes: readonly [literals: SequenceCode, offsets: SequenceCode, matches: SequenceCode] = [
  {
    mostLog: 9,
    mostSymbol: 35,
    preset: fseTable([4, 3, ...twos(11), 1, 1, 1, ...twos(9), 3, 2, ...ones(5), ...rare(4)], 6),
  },
  { mostLog: 8, mostSymbol: 31, preset: fseTable([...ones(6), 2, 2, 2, ...ones(15), ...rare(5)], 5) },
  { mostLog: 9, mostSymbol: 52, preset: fseTable([1, 4, 3, ...twos(6), ...ones(37), ...rare(7)], 6) },
]

/** Lengths by code: first the code itself, then a base that grows with the extra bits of the codes before. */
function lengths(first: number, plain: number, extra: readonly number[]) {
  const bits = [...Array.from({ length: plain }, () => 0), ...extra]
  let base = first
  const bases = bits.map((count) => {
    const own = base
    base += 2 ** count
    return own
  })
  return { bits, bases }
}
const literalLengths = lengths(0, 16, [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])
const matchLengths = lengths(3, 32, [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])

export type SequenceTables = readonly [literals: FseTable, offsets: FseTable, matches: FseTable]

/** What the blocks of a frame pass on to later ones. */
export interface SequenceState {
  readonly tables: SequenceTables
  /** A block may repeat tables only after a block with sequences. */
  readonly isRepeatable: boolean
}

/** How many literals to take, then how many bytes to copy from `offset` back; offsets up to 3 refer to earlier ones. */
export type OnSequence = (literals: number, offset: number, match: number) => void

/**
 * Reads a block's sequences and passes each one on as it is read.
 * @param isFar whether a copy may reach back more than 16 MiB
 * @returns what later blocks may repeat
 * @throws ZstdError
 */
export function readSequences(
  section: Uint8Array,
  previous: SequenceState | undefined,
  { isFar, onSequence }: { readonly isFar: boolean; readonly onSequence: OnSequence },
): SequenceState | undefined {
  const [first = -1, second = 0, third = 0] = section
  if (first === -1) throw new ZstdError('has a block that ends early')
  if (first === 0) {
    if (section.byteLength > 1) throw new ZstdError('has a block that goes on after its end')
    return previous
  }
  const count = first < 128 ? first : first < 255 ? ((first - 128) << 8) | second : second + (third << 8) + 0x7f00
  let at = first < 128 ? 1 : first < 255 ? 2 : 3
  // The two lowest bits are reserved; zstd(1) ignores them.
  const modes = section[at++]
  if (modes === undefined) throw new ZstdError('has a block that ends early')
  const table = (index: 0 | 1 | 2): FseTable => {
    const code = codes[index]
    const mode = (modes >> (6 - 2 * index)) & 3
    if (mode === 0) return code.preset
    if (mode === 3) {
      if (!previous?.isRepeatable) throw new ZstdError('repeats a table that it does not have')
      return previous.tables[index]
    }
    if (mode === 2) {
      const read = readFseTable(section.subarray(at), code)
      at += read.length
      return read.table
    }
    const symbol = section[at++]
    if (symbol === undefined || symbol > code.mostSymbol) throw new ZstdError('has a wrong table')
    return repeatedSymbol(symbol)
  }
  const tables: SequenceTables = [table(0), table(1), table(2)]
  // A count encoded in two bytes may be zero; what follows is ignored then.
  if (count === 0) return { tables, isRepeatable: previous?.isRepeatable ?? false }
  const bits = new BackwardBits(section.subarray(at))
  const isAhead = isFar && count > 8 && hasFarOffsets(tables[1])
  readAll(bits, tables, { count, isAhead, onSequence })
  return { tables, isRepeatable: true }
}

/** If at least this share of offsets is 8 MiB or more, zstd(1) reads sequences ahead and checks less. */
function hasFarOffsets({ symbols, log }: FseTable): boolean {
  const far = symbols.reduce((sum, symbol) => sum + (symbol > 22 ? 1 : 0), 0)
  return far << (8 - log) >= 7
}

interface Reading {
  readonly count: number
  readonly isAhead: boolean
  readonly onSequence: OnSequence
}

function readAll(bits: BackwardBits, tables: SequenceTables, { count, isAhead, onSequence }: Reading): void {
  const literals = new FseState(tables[0], bits)
  const offsets = new FseState(tables[1], bits)
  const matches = new FseState(tables[2], bits)
  for (let i = 0; i < count; i += 1) {
    if (isAhead && bits.left < 0) throw misfit()
    const offset = 2 ** offsets.symbol + bits.take(offsets.symbol)
    const match =
      (matchLengths.bases[matches.symbol] as number) + bits.take(matchLengths.bits[matches.symbol] as number)
    const literal =
      (literalLengths.bases[literals.symbol] as number) + bits.take(literalLengths.bits[literals.symbol] as number)
    onSequence(literal, offset, match)
    literals.next(bits)
    matches.next(bits)
    offsets.next(bits)
  }
  // Valid data has no bits left before the last states, which nothing follows. zstd(1) reads those states anyway, and
  // accepts data that has some of their bits, or too few bits before them; a later version rejects it.
  if (bits.left > 0 && !isAhead) throw misfit()
}

const misfit = () => new ZstdError('has sequences of another length than it announces')
