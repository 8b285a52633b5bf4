import { UsageError } from '@tyrax/sdk'
import type { Row } from '../output/result.js'
import { wireTime } from '../output/cells.js'

/** What is known about a stored object. */
interface KnownObject {
  readonly name: string
  readonly bytes: number
  readonly etag?: string | undefined
  readonly contentType?: string | undefined
  readonly lastModified?: Date | undefined
}

export const objectColumns = ['name', 'bytes', 'content_type', 'last_modified'] as const

export const objectRecord = { names: ['name', 'bytes', 'hash', 'content_type', 'last_modified'] }

/** An object under the names of Swift's JSON listings, with its ETag as `hash`. */
export function objectRow(object: KnownObject): Row {
  return {
    name: object.name,
    bytes: object.bytes,
    hash: object.etag ?? null,
    content_type: object.contentType ?? null,
    last_modified: object.lastModified ? wireTime(object.lastModified) : null,
  }
}

/** `CONTAINER/OBJECT`; the object's name may contain slashes. @throws UsageError naming the argument */
export function splitObjectPath(what: string, text: string): { container: string; object: string } {
  const at = text.indexOf('/')
  const container = at < 0 ? text : text.slice(0, at)
  const object = at < 0 ? '' : text.slice(at + 1)
  if (container === '' || object === '') {
    throw new UsageError(`${what} takes CONTAINER/OBJECT, not ${JSON.stringify(text)}`)
  }
  return { container, object }
}
