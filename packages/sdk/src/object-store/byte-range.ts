import { UsageError } from '../errors/tyrax-error.js'

/** Bytes of an object, counted from 0; `end` is the last one, inclusive. */
export interface ByteRange {
  readonly start: number
  readonly end?: number | undefined
}

/** The range within that number of bytes, `end` exclusive. @throws UsageError for one that is out of bounds */
export function spanOfRange(range: ByteRange | undefined, bytes: number): { start: number; end: number } {
  if (!range) return { start: 0, end: bytes }
  const { start, end } = range
  const whole = Number.isSafeInteger(start) && start >= 0 && (end === undefined || Number.isSafeInteger(end))
  if (!whole || (end !== undefined && end < start) || start >= bytes) {
    throw new UsageError(`there is no range ${start}-${end ?? ''} in ${bytes} bytes`, {
      hint: 'count from 0; end is the last byte, included',
    })
  }
  return { start, end: Math.min(end ?? bytes - 1, bytes - 1) + 1 }
}
