/** Content that no encoder produces. */
export class LzmaError extends Error {}

export const positionStates = 16
export const states = 12
const lengthSlots = 4

/** The offset of each group of probabilities in the single array that holds them all. */
export const isMatch = 0
/** Four groups in a row: whether the match repeats a distance, then whether not the last one, not the one before… */
export const isRep = isMatch + states * positionStates
export const isRep0Long = isRep + 4 * states
export const slots = isRep0Long + states * positionStates
export const specialDistances = slots + lengthSlots * 64
export const alignment = specialDistances + 128
export const matchLength = alignment + 16
/** Within the probabilities of a length: after the two that choose a group. */
export const lengthGroups = 2
const lengthSize = lengthGroups + 2 * positionStates * 8 + 256
export const repLength = matchLength + lengthSize
export const literals = repLength + lengthSize
const probabilityCount = literals + 0x300 * 16

/** Indexed by the number of groups skipped: the distance between positions, the number of lengths, the first length. */
export const lengthStrides = [8, 8, 0] as const
export const lengthCounts = [8, 8, 256] as const
export const firstLengths = [2, 10, 18] as const

const half = 1024

/** The state that LZMA keeps from one chunk to the next. */
export class LzmaState {
  readonly probabilities = new Uint16Array(probabilityCount)
  literalContextBits = 0
  literalPositionMask = 0
  positionMask = 0
  state = 0
  rep0 = 0
  rep1 = 0
  rep2 = 0
  rep3 = 0
  /** The position in the content, which probabilities depend on: from the dictionary's start, with stored bytes. */
  position = 0

  /** Resets everything except lc, lp, pb and the position. */
  reset(): void {
    this.probabilities.fill(half)
    this.state = 0
    this.rep0 = 0
    this.rep1 = 0
    this.rep2 = 0
    this.rep3 = 0
  }

  /**
   * Takes the byte that packs lc, lp and pb.
   * @throws LzmaError
   */
  setProperties(byte: number): void {
    const lc = byte % 9
    const lp = Math.floor(byte / 9) % 5
    const pb = Math.floor(byte / 45)
    if (pb > 4 || lc + lp > 4) throw new LzmaError('has wrong LZMA properties')
    this.literalContextBits = lc
    this.literalPositionMask = (1 << lp) - 1
    this.positionMask = (1 << pb) - 1
    this.reset()
  }
}

/** A chunk that is being decoded. */
export interface Chunk {
  readonly input: Uint8Array
  readonly out: Uint8Array
  readonly view: DataView
  readonly lzma: LzmaState
  /** The end of its content in `out`. */
  readonly limit: number
  /** At `at`, copies may go back `at + before` bytes. */
  readonly before: number
  readonly reach: number
  /** The difference between a position in the content and one in `out`. */
  readonly base: number
  /** The state of the range coder: the next byte of `input`, and unsigned 32-bit numbers stored as signed ones. */
  next: number
  range: number
  code: number
}
