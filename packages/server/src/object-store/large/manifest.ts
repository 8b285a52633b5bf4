import { createHash } from 'node:crypto'
import type { Span } from '../byte-range.js'

/** One entry of a static large object's manifest, as it is stored and as `?multipart-manifest=get` returns it. */
export type Segment = StoredSegment | InlineSegment

/** Bytes of another object. `bytes` and `hash` are those of the whole object, `range` selects some of its bytes. */
export interface StoredSegment {
  /** `/container/object` */
  readonly name: string
  readonly bytes: number
  readonly hash: string
  readonly content_type: string
  readonly last_modified: string
  /** `first-last`, both included. */
  readonly range?: string
  readonly sub_slo?: true
}

/** Bytes within the manifest, in base64. */
export interface InlineSegment {
  readonly data: string
}

export function isInline(segment: Segment): segment is InlineSegment {
  return 'data' in segment
}

/** The bytes of the segment's object that belong to the large object. */
export function spanOf(segment: StoredSegment): Span {
  const [start = 0, end = segment.bytes - 1] = segment.range?.split('-').map(Number) ?? []
  return { start, end }
}

export function lengthOf(segment: Segment): number {
  if (isInline(segment)) return Buffer.from(segment.data, 'base64').length
  const { start, end } = spanOf(segment)
  return end - start + 1
}

/** What a segment adds to the MD5 that is the ETag of the large object: its own ETag, and its range if it has one. */
export function etagPart(segment: Segment): string {
  if (isInline(segment)) return md5Of(Buffer.from(segment.data, 'base64'))
  return segment.range === undefined ? segment.hash : `${segment.hash}:${segment.range};`
}

/** The manifest as a client would send it (`?multipart-manifest=get&format=raw`). */
export function rawManifest(segments: readonly Segment[]): string {
  return JSON.stringify(
    segments.map((segment) => {
      if (isInline(segment)) return segment
      const { name, bytes, hash, range } = segment
      return { etag: hash, path: name, ...(range === undefined ? {} : { range }), size_bytes: bytes }
    }),
  )
}

export function md5Of(bytes: Uint8Array | string): string {
  return createHash('md5').update(bytes).digest('hex')
}
