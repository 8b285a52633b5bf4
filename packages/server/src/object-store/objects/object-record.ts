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
export type ListedObject = Omit<ObjectRecord, 'metadata'>
