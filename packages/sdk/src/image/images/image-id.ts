import { shown } from '../../errors/shown.js'
import { UsageError } from '../../errors/tyrax-error.js'
import type { ImageRef } from './image.js'

/** @throws UsageError when it is neither an image nor an id */
export function imageId(image: ImageRef): string {
  const id: unknown = typeof image === 'object' && image !== null ? image.id : image
  if (typeof id === 'string' && id !== '') return id
  throw new UsageError(`${shown(image)} is neither an image nor an image's id`)
}

const someId = '00000000-0000-0000-0000-000000000000'
/** As few as git takes. */
const shortestPrefix = 4

/** The text in the case of ids, if an id may begin with it; undefined for a whole id, and for less than 4 characters. */
export function idPrefix(text: string): string | undefined {
  const { length } = text
  const isPrefix = length >= shortestPrefix && length < someId.length && looksLikeId(text + someId.slice(length))
  return isPrefix ? text.toLowerCase() : undefined
}

/** Glance's ids are UUIDs (glance/api/v2/images.py, schema `id`), which tells an id from a name. */
export function looksLikeId(text: string): boolean {
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)
}
