import type { Row } from '../output/result.js'
import { wireTime } from '../output/image-row.js'

/** What is known of a stored object. */
interface KnownObject {
  readonly name: string
  readonly bytes: number
  readonly etag?: string | undefined
  readonly contentType?: string | undefined
  readonly lastModified?: Date | undefined
}

export const objectColumns = ['name', 'bytes', 'content_type', 'last_modified'] as const

export const objectRecord = { names: ['name', 'bytes', 'hash', 'content_type', 'last_modified'] }

/** An object under the names of Swift's JSON listings, its ETag as `hash`. */
export function objectRow(object: KnownObject): Row {
  return {
    name: object.name,
    bytes: object.bytes,
    hash: object.etag ?? null,
    content_type: object.contentType ?? null,
    last_modified: object.lastModified ? wireTime(object.lastModified) : null,
  }
}
