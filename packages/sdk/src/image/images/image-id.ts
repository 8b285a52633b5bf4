import { shown } from '../../errors/shown.js'
import { UsageError } from '../../errors/tyrax-error.js'
import type { ImageRef } from './image.js'

/** @throws UsageError when it is neither an image nor an id */
export function imageId(image: ImageRef): string {
  const id: unknown = typeof image === 'object' && image !== null ? image.id : image
  if (typeof id === 'string' && id !== '') return id
  throw new UsageError(`${shown(image)} is neither an image nor an image's id`)
}

/** Glance's ids are UUIDs (glance/api/v2/images.py, schema `id`), which tells an id from a name. */
export function looksLikeId(text: string): boolean {
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)
}
