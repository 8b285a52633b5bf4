import { Refusal } from '../refusal.js'

/** `first-`, `-last` or `first-last`, as in a Range header. */
export interface WantedRange {
  readonly first: number | undefined
  readonly last: number | undefined
}

/** Both bounds included. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** The object does not have the requested range or part. */
export class UnsatisfiableRange extends Refusal {
  override readonly name = 'UnsatisfiableRange'
  /** The size of the object. */
  readonly size: number
  /** The number of the object's parts, when a part was requested. */
  readonly parts: number | undefined

  constructor(size: number, message = '', parts?: number) {
    super('unsatisfiable-range', message)
    this.size = size
    this.parts = parts
  }
}

/** Resolves a range for an object of this size; undefined when it contains no bytes. */
export function spanIn(range: WantedRange, size: number): Span | undefined {
  const { first, last } = range
  if (first === undefined)
    return last === 0 || size === 0 ? undefined : { start: Math.max(0, size - (last ?? 0)), end: size - 1 }
  return first >= size ? undefined : { start: first, end: Math.min(last ?? size - 1, size - 1) }
}

/** @throws UnsatisfiableRange */
export function requireSpan(range: WantedRange, size: number): Span {
  const span = spanIn(range, size)
  if (span === undefined) throw new UnsatisfiableRange(size)
  return span
}
