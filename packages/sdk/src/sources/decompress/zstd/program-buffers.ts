import { largestBlockBytes } from './framing.js'

/** What zstd(1) reads at a time, and what it writes. */
const readBytes = largestBlockBytes + 3
const writeBytes = largestBlockBytes
/** What a copy may write past its end. */
const overrunBytes = 32
const smallestWindowBytes = 1024
/** Memory is given back when that number of frames in a row would do with a third of it. */
const patienceFrames = 128

/** What the size of the buffers depends on. */
interface FrameSizes {
  readonly windowBytes: number
  readonly blockBytes: number
  readonly contentBytes: bigint | undefined
}

/**
 * The buffers of zstd(1), for how far back its copies may come from, and what still fits. Sound data asks for no more than
 * its window; of damaged data zstd(1) takes what is possible in its memory.
 *
 * It has a ring, into which frames are decoded. What was before the last beginning may still be copied, as long as
 * nothing was written over it.
 */
export class ProgramBuffers {
  #inputBytes = 0
  #ringBytes = 0
  #oversizedFrames = 0
  #sizes: FrameSizes | undefined
  #at = 0
  #before = 0
  #written = 0

  /** A frame whose content goes straight into the output of the program: all of it in reach. */
  beginDirect(): void {
    this.#sizes = undefined
    this.#at = 0
    this.#before = 0
    this.#written = 0
  }

  /** A frame by way of the ring, a skippable one too. */
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

  /** How far back anything may be copied from in this frame. */
  get reach(): number {
    return this.#sizes ? this.#ringBytes : writeBytes
  }

  /** How much of the frame's content is in reach, whatever its window. */
  get at(): number {
    return this.#at
  }

  /** The most that the next block may hold. */
  get room(): number {
    if (!this.#sizes) return writeBytes - this.#at
    return Math.min(this.#ringBytes - this.#at, this.#sizes.blockBytes)
  }

  /** Whether the content of the frame has come to more than 16 MiB of history. */
  get isFar(): boolean {
    return this.#at + this.room + this.#before > 2 ** 24
  }

  /** Takes note that a block is to be decoded, with a part of its literals where its content is to be. */
  stageLiterals(): void {
    this.#written = Math.max(this.#written, this.#at + Math.min(largestBlockBytes, this.#ringBytes - this.#at))
  }

  /** Whether what was before the last beginning is still there. @param done how many bytes of the block are there already */
  mayCopy(distance: number, done: number): boolean {
    const at = this.#at + done
    const source = this.#before - (distance - at)
    return source >= Math.max(this.#written, at + overrunBytes)
  }

  /** A block is there. */
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

/** Where the bytes end that zstd(1) has at hand when a frame begins. */
export function atHand(frameStart: number): number {
  return Math.ceil((frameStart + 18) / readBytes) * readBytes
}

/** The most that a frame may hold to go straight into the output. */
export const mostDirectBytes = BigInt(writeBytes)
