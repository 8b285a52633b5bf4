import type { Metadata } from '../metadata.js'

export interface ObjectRecord {
  readonly name: string
  /** The bytes; of a static large object, its manifest. */
  readonly blob: string
  readonly size: number
  readonly etag: string
  readonly contentType: string
  readonly modifiedMs: number
  readonly metadata: Metadata
  /** Of a static large object: ETag and size of what its segments make up. */
  readonly large?: { readonly etag: string; readonly size: number } | undefined
}

/** What listings show; reading the metadata of every row would take longer than all the rest. */
export type ListedObject = Omit<ObjectRecord, 'metadata'>
