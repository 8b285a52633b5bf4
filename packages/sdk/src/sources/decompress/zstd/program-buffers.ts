import { largestBlockBytes } from './framing.js'

/** How much zstd(1) reads and writes at a time. */
const readBytes = largestBlockBytes + 3
const writeBytes = largestBlockBytes
/** How far a copy may write past its end. */
const overrunBytes = 32
const smallestWindowBytes = 1024
/** Memory is released when a third of it would have been enough for this number of consecutive frames. */
const patienceFrames = 128

/** The sizes that determine the size of the buffers. */
interface FrameSizes {
  readonly windowBytes: number
  readonly blockBytes: number
  readonly contentBytes: bigint | undefined
}

/**
 * Models the buffers of zstd(1), which determine how far back copies may reach and how much fits. Valid data needs no
 * more than its window; of damaged data, zstd(1) accepts what is possible in its memory.
 *
 * Frames are decoded into a ring buffer. Data written before its last restart may still be copied, as long as it has
 * not been overwritten.
 */
export class ProgramBuffers {
  #inputBytes = 0
  #ringBytes = 0
  #oversizedFrames = 0
  #sizes: FrameSizes | undefined
  #at = 0
  #before = 0
  #written = 0

  /** Starts a frame that is decoded directly into the program's output, so that all its content is within reach. */
  beginDirect(): void {
    this.#sizes = undefined
    this.#at = 0
    this.#before = 0
    this.#written = 0
  }

  /** Starts a frame that is decoded into the ring buffer, including skippable ones. */
  begin({ windowBytes, blockBytes, contentBytes }: FrameSizes): void {
    this.beginDirect()
    this.#sizes = { windowBytes, blockBytes, contentBytes }
    const window = Math.max(windowBytes, smallestWindowBytes)
    const ring = window + Math.min(window, largestBlockBytes) + largestBlockBytes + 2 * overrunBytes
    const ringBytes = contentBytes === undefined ? ring : Math.min(Number(contentBytes), ring)
    const inputBytes = Math.max(blockBytes, 4)
    const isOversized = this.#inputBytes + this.#ringBytes >= (inputBytes + ringBytes) * 3
    this.#oversizedFrames = isOversized ? this.#oversizedFrames + 1 : 0
    const isTooSmall = this.#inputBytes < inputBytes || this.#ringBytes < ringBytes
    if (!isTooSmall && this.#oversizedFrames < patienceFrames) return
    this.#inputBytes = inputBytes
    this.#ringBytes = ringBytes
  }

  /** The largest distance of a copy in this frame. */
  get reach(): number {
    return this.#sizes ? this.#ringBytes : writeBytes
  }

  /** How much of the frame's content is within reach, whatever its window. */
  get at(): number {
    return this.#at
  }

  /** The largest size of the next block. */
  get room(): number {
    if (!this.#sizes) return writeBytes - this.#at
    return Math.min(this.#ringBytes - this.#at, this.#sizes.blockBytes)
  }

  /** Whether copies may reach back more than 16 MiB. */
  get isFar(): boolean {
    return this.#at + this.room + this.#before > 2 ** 24
  }

  /** Records that a block is going to be decoded with some of its literals stored in the output buffer. */
  stageLiterals(): void {
    this.#written = Math.max(this.#written, this.#at + Math.min(largestBlockBytes, this.#ringBytes - this.#at))
  }

  /** Whether data from before the last restart still exists. @param done bytes of the block that are decoded already */
  mayCopy(distance: number, done: number): boolean {
    const at = this.#at + done
    const source = this.#before - (distance - at)
    return source >= Math.max(this.#written, at + overrunBytes)
  }

  /** Records that a block has been decoded. */
  advance(count: number): void {
    this.#at += count
    this.#written = Math.max(this.#written, this.#at + overrunBytes)
    if (!this.#sizes || count === 0) return
    const { blockBytes, contentBytes } = this.#sizes
    const isWhole = contentBytes !== undefined && contentBytes <= BigInt(this.#ringBytes)
    if (isWhole || this.#at + blockBytes <= this.#ringBytes) return
    this.#before = this.#at
    this.#at = 0
    this.#written = 0
  }
}

/** The end of the bytes that zstd(1) has read when a frame begins. */
export function atHand(frameStart: number): number {
  return Math.ceil((frameStart + 18) / readBytes) * readBytes
}

/** The largest content of a frame that is decoded directly into the output. */
export const mostDirectBytes = BigInt(writeBytes)
