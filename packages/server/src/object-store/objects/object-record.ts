import type { Metadata } from '../metadata.js'

export interface ObjectRecord {
  readonly name: string
  /** The key of the stored bytes; for a static large object, those of its manifest. */
  readonly blob: string
  readonly size: number
  readonly etag: string
  readonly contentType: string
  readonly modifiedMs: number
  readonly metadata: Metadata
  /** For a static large object: ETag and size of its segments together. */
  readonly large?: { readonly etag: string; readonly size: number } | undefined
}

/** The fields that listings show; reading the metadata of every row would take longer than everything else. */
export interface ListedObject extends Omit<ObjectRecord, 'metadata'> {
  /** The second since 1970 from which on the object is gone. Listings have it until it is removed. */
  readonly deleteAt: number | undefined
}
