import type { BlobStore } from '../../blobs/blob-store.js'
import { Refusal } from '../../refusal.js'
import type { Access } from '../access/access.js'
import type { ObjectRecord } from './object-record.js'

/** The bytes of an object's content: its own, or those of its segments. */
export interface Content {
  readonly size: number
  /** Without quotes. */
  readonly etag: string
  readonly isLarge: boolean
  /** The lengths of the segments; only for a static large object. */
  readonly parts?: (() => Promise<readonly number[]>) | undefined
  /** `start` and `end` are inclusive. @throws SegmentGone when a segment has changed */
  read(start: number, end: number): AsyncIterable<Uint8Array>
}

/**
 * Finds the content that a GET of an object returns. Segments are read with the requester's rights.
 * @throws Refusal not-found for a dynamic large object whose container is missing; forbidden or unauthenticated when
 *   the requester may not list that container
 */
export type ContentOf = (account: string, object: ObjectRecord, access: Access) => Promise<Content>

/** The bytes stored under an object's name, even if they are a manifest. */
export function ownContent(blobs: BlobStore, { size, etag, blob }: ObjectRecord): Content {
  return { size, etag, isLarge: false, read: (start, end) => blobs.read(blob, { start, end }) }
}

/** A segment is missing, has been replaced, may not be read by the requester, or is nested too deeply. */
export class SegmentGone extends Error {
  override readonly name = 'SegmentGone'
}

/**
 * Returns the same bytes with the first chunk already read: before anything is sent, a missing segment can still be
 * reported as a status. The source is also closed when the caller stops before reading any chunk.
 * @throws Refusal conflict
 */
export async function begun(bytes: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const iterator = bytes[Symbol.asyncIterator]()
  let first: IteratorResult<Uint8Array> | undefined = await iterator.next().catch((error: unknown) => {
    if (error instanceof SegmentGone) throw new Refusal('conflict', '', { cause: error })
    throw error
  })
  const rest: AsyncIterator<Uint8Array> = {
    next() {
      const next = first === undefined ? iterator.next() : Promise.resolve(first)
      first = undefined
      return next
    },
    return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
  }
  return { [Symbol.asyncIterator]: () => rest }
}
