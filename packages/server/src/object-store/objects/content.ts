import type { BlobStore } from '../../blobs/blob-store.js'
import { Refusal } from '../../refusal.js'
import type { ObjectRecord } from './object-record.js'

/** The bytes that an object stands for: its own, or those of its segments. */
export interface Content {
  readonly size: number
  /** Without quotes. */
  readonly etag: string
  readonly isLarge: boolean
  /** Of a static large object: the lengths of its segments. */
  readonly parts?: (() => Promise<readonly number[]>) | undefined
  /** Both bounds included. @throws SegmentGone when a segment is not what it was */
  read(start: number, end: number): AsyncIterable<Uint8Array>
}

/** What a GET of an object returns. @throws Refusal not-found for a dynamic large object whose container is missing */
export type ContentOf = (account: string, object: ObjectRecord) => Promise<Content>

/** The bytes that are stored under an object's name, whatever they stand for. */
export function ownContent(blobs: BlobStore, { size, etag, blob }: ObjectRecord): Content {
  return { size, etag, isLarge: false, read: (start, end) => blobs.read(blob, { start, end }) }
}

/** A segment is missing, has been replaced, or is nested too deep. */
export class SegmentGone extends Error {
  override readonly name = 'SegmentGone'
}

/**
 * The same bytes, the first of them read already: while nothing is sent, a segment that is gone is still a status. What
 * was opened for them is closed too when they are given up before any of them is taken.
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
