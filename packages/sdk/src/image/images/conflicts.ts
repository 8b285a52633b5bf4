import { shown } from '../../errors/shown.js'
import { ImageChangedError, type ImageFieldConflict } from '../../errors/image-errors.js'
import type { Image, ImageRef } from './image.js'
import type { ImageUpdate } from './patch.js'

/**
 * Compares the image that the caller read with a fresh copy. The service knows no conditional PATCH, and its times have
 * whole seconds, so the fields themselves are compared: only a field that is to be changed, and that somebody else has
 * changed to something else, is a conflict.
 * @throws ImageChangedError
 */
export function refuseConflicts(read: ImageRef, fresh: Image, wanted: ImageUpdate): void {
  if (!isImage(read)) return
  const conflicts = findConflicts(read, fresh, wanted)
  if (conflicts.length === 0) return
  const [first] = conflicts
  const others = conflicts.length === 1 ? '' : `, and ${conflicts.length - 1} more`
  throw new ImageChangedError(
    `the image ${fresh.id} was changed meanwhile: ${first?.field} was ${shown(first?.read)} and is now ` +
      `${shown(first?.now)}${others}`,
    { imageId: fresh.id, conflicts },
  )
}

/** An id, or an object with nothing but an id, says nothing about what the caller read. */
function isImage(ref: ImageRef): ref is Image {
  return typeof ref === 'object' && 'properties' in ref && 'updatedAt' in ref
}

function findConflicts(read: Image, fresh: Image, wanted: ImageUpdate): ImageFieldConflict[] {
  const { properties = {}, ...fields } = wanted
  const conflicts: ImageFieldConflict[] = []
  const compare = (field: string, values: { read: unknown; now: unknown; wanted: unknown }) => {
    const isConflict = !isSame(values.read, values.now) && !isSame(values.now, values.wanted)
    if (isConflict) conflicts.push({ field, ...values })
  }
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    compare(name, { read: read[name as keyof Image], now: fresh[name as keyof Image], wanted: value })
  }
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined) continue
    const [before, now] = [read.properties[key] ?? null, fresh.properties[key] ?? null]
    compare(`properties.${key}`, { read: before, now, wanted: value })
  }
  return conflicts
}

/** Tags are a set: their order does not matter. */
function isSame(one: unknown, other: unknown): boolean {
  const comparable = (value: unknown) => JSON.stringify(Array.isArray(value) ? [...(value as string[])].sort() : value)
  return comparable(one) === comparable(other)
}
