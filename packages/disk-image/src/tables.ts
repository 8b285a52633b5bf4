import { u32be } from './bytes.js'
import type { Need, Want } from './format.js'
import { part } from './format.js'

/** A piece of a table: its offset in the table, and its bytes. */
export interface Piece {
  readonly from: number
  readonly bytes: Uint8Array
}

const mostPieces = 4
const grid = 512

/**
 * Reads a table: all of it when it has at most `most` bytes, otherwise evenly spread pieces, including its beginning
 * and its end. The pieces are in file order, because a stream needs that.
 */
export function* readTable(
  head: Uint8Array,
  offset: bigint,
  length: number,
  most: number,
): Generator<Want, readonly Piece[], Uint8Array> {
  if (length <= 0 || most <= 0) return []
  if (length <= most) return [{ from: 0, bytes: yield* part(head, offset, length) }]
  const pieces: Piece[] = []
  const pieceLength = Math.max(grid, Math.floor(most / mostPieces / grid) * grid)
  const count = Math.min(mostPieces, Math.max(1, Math.floor(most / pieceLength)))
  for (let index = 0; index < count; index += 1) {
    const share = count === 1 ? 1 : index / (count - 1)
    const from = Math.floor(((length - pieceLength) * share) / grid) * grid
    const bytes = yield* part(head, offset + BigInt(from), Math.min(pieceLength + grid, length - from))
    pieces.push({ from, bytes })
  }
  return pieces
}

/** Calls back for every whole entry. */
export function eachEntry(
  pieces: readonly Piece[],
  entryLength: number,
  visit: (bytes: Uint8Array, at: number, index: number) => void,
): void {
  for (const { from, bytes } of pieces)
    for (let at = 0; at + entryLength <= bytes.length; at += entryLength) visit(bytes, at, (from + at) / entryLength)
}

/** The offset in a 64-bit entry, without its lowest 9 and highest 8 bits; exact up to 2^53, more than any file has. */
export const offset56 = (bytes: Uint8Array, at: number): number =>
  (u32be(bytes, at) % 0x1_00_00_00) * 0x1_00_00_00_00 + (u32be(bytes, at + 4) - (u32be(bytes, at + 4) % 512))

/** The furthest of many offsets, each of which must lie in the file. */
export class Furthest {
  readonly #what: string
  #at = -1

  constructor(what: string) {
    this.#what = what
  }

  /** Negative when there was none. */
  get at(): number {
    return this.#at
  }

  see(at: number): void {
    if (at > this.#at) this.#at = at
  }

  /** The one need that represents all of them; none when there was none. */
  needs(isSoft = false): readonly Need[] {
    return this.#at < 0 ? [] : [{ bytes: BigInt(this.#at) + 1n, what: this.#what, isSoft }]
  }
}

/** Selects offsets, ascending: all when they are few, otherwise the last ones and an even spread of the others. */
export function choose(places: Iterable<number>, most: number): readonly number[] {
  const sorted = [...new Set(places)].sort((a, b) => a - b)
  if (sorted.length <= most) return sorted
  const half = Math.floor(most / 2)
  const rest = sorted.slice(0, -half)
  const spread = Array.from(
    { length: most - half },
    (_, index) => rest[Math.floor((index * rest.length) / (most - half))],
  )
  return [...spread.filter((place) => place !== undefined), ...sorted.slice(-half)]
}
