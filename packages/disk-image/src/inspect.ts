import { conclude } from './conclude.js'
import { peekLength, recognise } from './detect.js'
import { DiskImageError } from './disk-image-error.js'
import type { Want } from './format.js'
import { unseen, walkThrough } from './format.js'
import type { Inspection } from './inspection.js'
import { Budget } from './budget.js'

/** Where {@link inspect} reads bytes from: a file, a Blob, a server that supports Range requests. */
export interface RandomReader {
  /** Length of the whole, if known. Without it, nothing at the end of the image can be inspected. */
  readonly sizeBytes?: number
  /** The bytes from `offset`, at most `length`; fewer only where the image ends, undefined where it cannot be read. */
  read(offset: number, length: number): Promise<Uint8Array | undefined>
}

/**
 * Everything that a few reads reveal: at most 2 MiB in total, whatever the image claims. Content never makes it throw;
 * an error of the reader passes through unchanged.
 *
 * @throws {DiskImageError} when the reader's size is not a number of bytes, or it returns something other than bytes.
 */
export async function inspect(reader: RandomReader): Promise<Inspection> {
  const declared = reader.sizeBytes
  if (declared !== undefined && (!Number.isSafeInteger(declared) || declared < 0))
    throw new DiskImageError(`The reader's sizeBytes must be a whole number of bytes or absent, not ${declared}.`)
  const head = await readPart(reader, at(0, Math.min(peekLength, declared ?? peekLength)))
  const sizeBytes = declared ?? (head.length < peekLength ? head.length : undefined)
  const format = recognise(head)
  const budget = new Budget()
  const walk = walkThrough(format, head)
  let step = walk.next()
  while (!step.done) {
    const range = locate(step.value, sizeBytes)
    step = walk.next(range ? await readPart(reader, budget.spend(range)) : unseen)
  }
  return conclude(format, step.value, head, sizeBytes)
}

interface Range {
  readonly offset: number
  readonly length: number
}

const at = (offset: number, length: number): Range => ({ offset, length })

/**
 * The range that a walk requests, cut to the length of the file; empty when it lies outside, undefined when it is
 * relative to an unknown end.
 */
function locate(want: Want, sizeBytes: number | undefined): Range | undefined {
  const size = sizeBytes ?? Number.MAX_SAFE_INTEGER
  if ('last' in want) {
    if (sizeBytes === undefined) return undefined
    const length = Math.min(want.last, size)
    return at(size - length, length)
  }
  if (want.offset >= BigInt(size)) return at(0, 0)
  const offset = Number(want.offset)
  return at(offset, Math.min(want.length, size - offset))
}

async function readPart(reader: RandomReader, { offset, length }: Range): Promise<Uint8Array> {
  if (length <= 0) return new Uint8Array(0)
  const bytes: unknown = await reader.read(offset, length)
  if (bytes === undefined) return unseen
  if (!(bytes instanceof Uint8Array))
    throw new DiskImageError(`The reader must answer read(${offset}, ${length}) with a Uint8Array.`)
  return bytes.subarray(0, length)
}
