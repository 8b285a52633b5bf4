import { shown } from '../../errors/shown.js'
import { ImageChangedError, type ImageFieldConflict } from '../../errors/image-errors.js'
import type { ImageContext } from './context.js'
import type { Image, ImageRef } from './image.js'
import { imageId } from './image-id.js'
import type { ImageUpdate } from './patch.js'

/**
 * Compares the image that the caller read with a fresh copy. The service knows no conditional PATCH, and its times have
 * whole seconds, so the fields themselves are compared: only a field that is to be changed, and that another client has
 * changed to something else, is a conflict.
 * @throws ImageChangedError
 */
export function refuseConflicts(context: ImageContext, read: ImageRef, fresh: Image, wanted: ImageUpdate): void {
  if (!isImage(read)) return
  const own = ownUpdates.get(context)?.get(fresh.id) ?? []
  const wrote = (update: ImageUpdate, field: string, now: unknown) => {
    const value = valueOf(update, field)
    return value !== undefined && isSame(value, now ?? null)
  }
  const conflicts = findConflicts(read, fresh, wanted).filter(
    ({ field, now }) => !own.some((update) => wrote(update, field, now)),
  )
  if (conflicts.length === 0) return
  const [first] = conflicts
  const others = conflicts.length === 1 ? '' : `, and ${conflicts.length - 1} more`
  throw new ImageChangedError(
    `the image ${fresh.id} was changed meanwhile: ${first?.field} was ${shown(first?.read)} and is now ` +
      `${shown(first?.now)}${others}`,
    { imageId: fresh.id, conflicts },
  )
}

/** What a client has written to the images that it changed last. Finding these values is no conflict for it. */
const ownUpdates = new WeakMap<ImageContext, Map<string, ImageUpdate[]>>()
const mostImages = 1000
const mostUpdates = 100

/** To be called before an update is sent, so that updates that cross each other know of each other. */
export function rememberUpdate(context: ImageContext, ref: ImageRef, update: ImageUpdate): void {
  const byImage = ownUpdates.get(context) ?? new Map<string, ImageUpdate[]>()
  ownUpdates.set(context, byImage)
  const id = imageId(ref)
  const updates = [...(byImage.get(id) ?? []), update].slice(-mostUpdates)
  byImage.delete(id)
  byImage.set(id, updates)
  const [oldest] = byImage.keys()
  if (byImage.size > mostImages && oldest !== undefined) byImage.delete(oldest)
}

function valueOf(update: ImageUpdate, field: string): unknown {
  const property = /^properties\.(.*)$/s.exec(field)?.[1]
  return property === undefined ? update[field as keyof ImageUpdate] : update.properties?.[property]
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
