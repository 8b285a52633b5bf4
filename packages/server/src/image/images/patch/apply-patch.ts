import { imageFieldByWire, isReservedProperty } from '@tyrax/protocol'
import type { Caller } from '../../../context.js'
import { requireOwner, requireVisibilityRight } from '../../access/policy.js'
import { allRights, requirePropertyRight, type PropertyRights } from '../../access/property-protections.js'
import { conflict, forbidden, quotaExceeded } from '../../errors.js'
import { changeLocations, type LocationRules } from '../../locations/change-locations.js'
import { requireByteRoom, setOwn } from '../fields/new-image.js'
import type { ImageRecord } from '../image-record.js'
import { isLocationChange, type Change, type ValueChange } from './parse-patch.js'

/** The quotas of an image. */
export interface PatchLimits {
  readonly properties: number
  readonly tags: number
}

/** What else decides over a change. */
export interface PatchRules {
  /** @default all */
  readonly rights?: PropertyRights | undefined
  /** Undefined: locations are not shown, and so cannot be changed either. */
  readonly locations?: LocationRules | undefined
}

type Draft = { -readonly [K in keyof ImageRecord]: ImageRecord[K] } & { properties: Record<string, string> }

/**
 * Returns the image after all changes, in their order (glance/api/v2/images.py `_do_add`, `_do_replace`, `_do_remove`).
 * `image` itself is not modified, so that a refusal half-way changes nothing.
 * @throws forbidden, conflict or over-limit in the same cases as Glance
 */
export function applyPatch(
  image: ImageRecord,
  changes: readonly Change[],
  caller: Caller,
  limits: PatchLimits,
  { rights = allRights, locations }: PatchRules = {},
): ImageRecord {
  const draft: Draft = { ...image, properties: { ...image.properties } }
  for (const change of changes) {
    if (isLocationChange(change)) {
      changeLocations(draft, change, caller, locations)
      continue
    }
    requireRight(caller, image, change)
    if (imageFieldByWire(change.key) === undefined) changeProperty(draft, change, rights)
    else changeField(draft, change, limits)
  }
  requirePropertyRoom(image, draft, limits)
  requireByteRoom(draft.properties)
  return draft
}

function requireRight(caller: Caller, image: ImageRecord, change: ValueChange): void {
  if (change.key === 'owner' && change.op !== 'remove' && !caller.isAdmin) {
    throw forbidden(`Owner can't be updated by non admin.`)
  }
  if (change.key === 'visibility' && change.op !== 'remove') requireVisibilityRight(caller, change.value)
  requireOwner(caller, image, 'modify_image')
}

/** To a caller that may not read a property, it does not seem to exist. */
function changeProperty(draft: Draft, change: ValueChange, rights: PropertyRights): void {
  const exists = Object.hasOwn(draft.properties, change.key) && rights.allow('read', change.key)
  if (change.op === 'add') {
    if (exists && !change.addReplaces) throw conflict(`Property ${change.key} already present.`)
    requirePropertyRight(rights, exists ? 'update' : 'create', change.key)
    setOwn(draft.properties, change.key, change.value as string)
    return
  }
  if (!exists) throw conflict(`Property ${change.key} does not exist.`)
  requirePropertyRight(rights, change.op === 'remove' ? 'delete' : 'update', change.key)
  if (change.op === 'remove') delete draft.properties[change.key]
  else setOwn(draft.properties, change.key, change.value as string)
}

function changeField(draft: Draft, change: ValueChange, limits: PatchLimits): void {
  if (change.op === 'remove') throw forbidden(`Property ${change.key} may not be removed.`)
  if (change.op === 'add' && !change.addReplaces) throw conflict(`Property ${change.key} already present.`)
  if (formatKeys.has(change.key) && draft.status !== 'queued' && draft.status !== 'importing') {
    throw forbidden(`Attribute ${change.key} can be only replaced for a queued image.`)
  }
  if (change.key === 'tags') {
    draft.tags = [...new Set(change.value as string[])].sort()
    if (draft.tags.length > limits.tags) throw quotaExceeded('tags', draft.tags.length, limits.tags)
    return
  }
  Object.assign(draft, { [change.key]: change.value })
}

/**
 * They decide how data is read, so they are fixed once there is data (glance/domain/__init__.py `Image.disk_format`).
 */
const formatKeys: ReadonlySet<string> = new Set(['disk_format', 'container_format'])

/** Only checked when a property was added, so that an image above a lowered quota can still be changed. */
function requirePropertyRoom(before: ImageRecord, after: ImageRecord, limits: PatchLimits): void {
  // The server's own properties do not count.
  const names = Object.keys(after.properties).filter((name) => !isReservedProperty(name))
  if (names.length <= limits.properties || names.every((name) => Object.hasOwn(before.properties, name))) return
  throw quotaExceeded('properties', names.length, limits.properties)
}
