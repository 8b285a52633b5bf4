/** Content that no encoder makes. */
export class LzmaError extends Error {}

export const positionStates = 16
export const states = 12
const lengthSlots = 4

/** Where each group of probabilities begins in the one array that holds them all. */
export const isMatch = 0
/** Four groups in a row: whether the match repeats a distance, and then whether not the last, not the one before… */
export const isRep = isMatch + states * positionStates
export const isRep0Long = isRep + 4 * states
export const slots = isRep0Long + states * positionStates
export const specialDistances = slots + lengthSlots * 64
export const alignment = specialDistances + 128
export const matchLength = alignment + 16
/** Within the probabilities of a length: after the two that choose one of the groups. */
export const lengthGroups = 2
const lengthSize = lengthGroups + 2 * positionStates * 8 + 256
export const repLength = matchLength + lengthSize
export const literals = repLength + lengthSize
const probabilityCount = literals + 0x300 * 16

/** By the number of groups that were passed over: how far apart their positions are, how many lengths, and the first. */
export const lengthStrides = [8, 8, 0] as const
export const lengthCounts = [8, 8, 256] as const
export const firstLengths = [2, 10, 18] as const

const half = 1024

/** What LZMA remembers from one chunk to the next. */
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
  /** In the content, for it counts for the probabilities; a new dictionary begins at 0, stored bytes count too. */
  position = 0

  /** Forgets everything but lc, lp, pb and the position. */
  reset(): void {
    this.probabilities.fill(half)
    this.state = 0
    this.rep0 = 0
    this.rep1 = 0
    this.rep2 = 0
    this.rep3 = 0
  }

  /**
   * The byte that packs lc, lp and pb.
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

/** One chunk being decoded. */
export interface Chunk {
  readonly input: Uint8Array
  readonly out: Uint8Array
  readonly view: DataView
  readonly lzma: LzmaState
  /** Where its content ends in `out`. */
  readonly limit: number
  /** What may be copied at `at` is `at + before` bytes long. */
  readonly before: number
  readonly reach: number
  /** What the position in `out` lacks to that in the content. */
  readonly base: number
  /** The range coder: the next byte of `input`, and unsigned 32-bit numbers kept as signed ones. */
  next: number
  range: number
  code: number
}
