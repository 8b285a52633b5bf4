import { isDeepStrictEqual } from 'node:util'
import type { ImageConfig } from '../../config/cloud-config.js'
import type { Caller } from '../../context.js'
import { requireOwner } from '../access/policy.js'
import { conflict, forbidden, invalid, notAuthorized, quotaExceeded } from '../errors.js'
import type { ImageLocation, ImageRecord } from '../images/image-record.js'
import type { LocationChange } from '../images/patch/parse-patch.js'
import { remoteLocation, storeOfUrl, type LocationUrls, type NewLocation } from './location.js'
import { newValidationData } from './validation-data.js'

/** What a change of locations depends on. */
export interface LocationRules {
  readonly config: Pick<ImageConfig, 'stores' | 'hashAlgorithm' | 'quotas'>
  readonly urls: LocationUrls
  /** The bytes at the URLs that are in the changes. A URL that is not here cannot be used. */
  readonly sizes: ReadonlyMap<string, number>
}

type Draft = { -readonly [K in keyof ImageRecord]: ImageRecord[K] }

/**
 * Applies one step of a PATCH to the locations (glance/api/v2/images.py `_do_add_locations`, `_do_replace_locations`,
 * `_do_remove_locations`; glance/location.py `StoreLocations`). A queued image becomes active with its first location. As
 * in Glance, locations are kept in the order in which they were added, not at the position that was asked for.
 * @param visible undefined: locations are not shown, and so cannot be changed either
 * @throws forbidden, conflict, invalid or over-limit in the same cases as Glance
 */
export function changeLocations(
  draft: Draft,
  change: LocationChange,
  caller: Caller,
  visible: LocationRules | undefined,
): void {
  if (change.op === 'remove') return removeLocation(draft, change.position, caller, visible)
  const { op, value } = change
  if (op === 'replace' && value.length === 0) throw forbidden('Cannot set locations to empty list.')
  requireOwner(caller, draft, 'set_image_location')
  const rules = requireRules(op === 'add' ? 'add' : 'update', visible)
  if (draft.status !== 'active' && draft.status !== 'queued') {
    throw conflict(`It's not allowed to ${op} locations if image status is ${draft.status}.`)
  }
  const data = newValidationData(draft, value, rules.config.hashAlgorithm)
  if (op === 'add') {
    positionOf(change.position, draft.locations.length + 1, 'adding')
    addLocations(draft, value, rules)
  } else {
    replaceLocations(draft, value, rules)
  }
  if (draft.status === 'queued') activate(draft, data)
}

function requireRules(verb: string, rules: LocationRules | undefined): LocationRules {
  if (rules !== undefined) return rules
  throw forbidden(`It's not allowed to ${verb} locations if locations are invisible.`)
}

function removeLocation(draft: Draft, position: string, caller: Caller, visible?: LocationRules): void {
  if (!caller.isAdmin) throw notAuthorized('delete_image_location')
  requireRules('remove', visible)
  if (draft.status !== 'active') {
    throw conflict(`It's not allowed to remove locations if image status is ${draft.status}.`)
  }
  if (draft.locations.length === 1) throw forbidden('Cannot remove last location in the image.')
  const at = positionOf(position, draft.locations.length, 'removing')
  draft.locations = draft.locations.toSpliced(at, 1)
}

/** `-` is the last position; one to add at may be beyond the end. */
function positionOf(position: string, count: number, verb: 'adding' | 'removing'): number {
  const at = /^\d+$/.test(position) ? Number(position) : position === '-' ? count - 1 : -1
  if (at >= 0 && (verb === 'adding' || at < count)) return at
  throw invalid(`Invalid position for ${verb} a location.`)
}

function addLocations(draft: Draft, added: readonly NewLocation[], rules: LocationRules): void {
  const attempted = draft.locations.length + added.length
  const most = rules.config.quotas.locations
  if (attempted > most) throw quotaExceeded('locations', attempted, most)
  for (const { url, metadata } of added) {
    const store = storeOfUrl(url, rules.config)
    const size = rules.sizes.get(url)
    if (store === undefined || size === undefined) throw invalid('Invalid location')
    requireTexts(metadata)
    const location = remoteLocation(url, store, metadata)
    if (draft.locations.some((other) => isSame(other, location))) throw invalid(`The location ${url} already exists`)
    draft.locations = [...draft.locations, location]
    draft.size ??= size
  }
}

/** The same URLs in any order only change the metadata; other ones can only be set while there are none. */
function replaceLocations(draft: Draft, value: readonly NewLocation[], rules: LocationRules): void {
  const { urlOf, show } = rules.urls
  const left = [...draft.locations]
  const kept = value.flatMap(({ url, metadata }) => {
    const at = left.findIndex((location) => urlOf(location) === url)
    const [location] = at < 0 ? [] : left.splice(at, 1)
    const { store: _store, ...rest } = metadata
    return location === undefined ? [] : [{ ...location, metadata: rest }]
  })
  if (kept.length === value.length && left.length === 0) {
    for (const { metadata } of value) requireTexts(metadata)
    draft.locations = kept
  } else if (draft.locations.length > 0) {
    throw invalid(`Original locations is not empty: ${JSON.stringify(draft.locations.map(show))}`)
  } else {
    addLocations(draft, value, rules)
  }
}

/** Glance fails with 500 for metadata of other types. */
function requireTexts(value: unknown, key = ''): void {
  if (typeof value === 'string') return
  if (typeof value !== 'object' || value === null) {
    throw invalid(
      `The image metadata key ${key} has an invalid type of ${value === null ? 'null' : typeof value}. ` +
        'Only dict, list, and unicode are supported.',
    )
  }
  for (const [name, each] of Object.entries(value)) requireTexts(each, name)
}

function isSame(one: ImageLocation, other: ImageLocation): boolean {
  const sameMetadata = isDeepStrictEqual(one.metadata ?? {}, other.metadata ?? {})
  return one.url === other.url && one.store === other.store && sameMetadata
}

function activate(draft: Draft, data: Partial<Draft>): void {
  const missing = (['disk_format', 'container_format'] as const).filter((key) => !draft[key])
  if (missing.length > 0) {
    const subject = missing.length === 1 ? 'Property' : 'Properties'
    throw invalid(`${subject} ${missing.join(', ')} must be set prior to saving data.`)
  }
  Object.assign(draft, data, { status: 'active' })
}
