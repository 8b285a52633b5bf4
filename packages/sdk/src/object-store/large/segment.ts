import type { ByteRange } from '../byte-range.js'

/** One piece of a large object. */
export interface ObjectSegment {
  /** Undefined for bytes that are in the manifest itself. */
  readonly container: string | undefined
  readonly name: string | undefined
  /** What it adds to the object. */
  readonly bytes: number
  /** Of the whole object that holds it: MD5 of its bytes, unless that is a large object too. */
  readonly etag: string | undefined
  /** The part of that object, when it is not all of it. */
  readonly range: ByteRange | undefined
  /** Whether it is itself a large object. */
  readonly isLarge: boolean
}
