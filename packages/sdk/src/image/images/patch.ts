import {
  type CommonImageProperties,
  type ContainerFormat,
  type DiskFormat,
  escapePointerToken,
  type ImageField,
  type Visibility,
} from '@tyrax/protocol'
import { UsageError } from '../../errors/tyrax-error.js'
import { encodeField } from './codec.js'
import type { Image, UpdatableFields } from './image.js'
import { checkField, checkProperty, writableField } from './image-values.js'

/** What `update` changes: fields by name, custom properties under `properties`. */
export interface ImageUpdate extends UpdatableFields {
  readonly visibility?: Visibility | undefined
  /** null: false */
  readonly protected?: boolean | null | undefined
  /** null: false */
  readonly osHidden?: boolean | null | undefined
  /** Another project's id; for administrators. */
  readonly owner?: string | undefined
  /**
   * Only while the image has no data. Any name compiles, because operators configure which formats their cloud accepts;
   * the cloud refuses the others.
   */
  readonly diskFormat?: DiskFormat | null | undefined
  /** Only while the image has no data. Any name compiles, as for `diskFormat`. */
  readonly containerFormat?: ContainerFormat | null | undefined
  /** GiB; null: 0 */
  readonly minDisk?: number | null | undefined
  /** MiB; null: 0 */
  readonly minRam?: number | null | undefined
  /** Replaces all of the image's tags; null: none. */
  readonly tags?: readonly string[] | null | undefined
  /** Custom properties to set, or with null to remove; the others stay. */
  readonly properties?:
    | ({ readonly [Name in keyof CommonImageProperties]?: CommonImageProperties[Name] | null | undefined } & Readonly<
        Record<string, string | null | undefined>
      >)
    | undefined
}

/** One operation of `application/openstack-images-v2.1-json-patch`: depth 1 only. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }

/**
 * The fewest operations from `fresh` to the wanted image. The operation depends on what is on the wire: `replace` for a
 * field that exists, `add` for one that does not; tags are replaced as a whole, since the server knows no paths below
 * them (glance/api/v2/images.py `RequestDeserializer._validate_path`).
 * @throws UsageError
 */
export function buildPatch(fresh: Image, wanted: ImageUpdate): PatchOperation[] {
  const operations: PatchOperation[] = []
  for (const [name, value] of Object.entries(wanted)) {
    if (name === 'properties' || value === undefined) continue
    const field = updatableField(name)
    const next = value === null ? resetValue(field) : encodeField(field, value)
    const now = encodeField(field, fresh[field.name as keyof Image])
    if (isSame(field, now, next)) continue
    operations.push({ op: 'replace', path: pointer(field.wire), value: next })
  }
  for (const [key, value] of Object.entries(wanted.properties ?? {})) {
    if (value === undefined) continue
    const present = Object.hasOwn(fresh.properties, key) || Object.hasOwn(fresh.extra ?? {}, key)
    if (value === null && present) operations.push({ op: 'remove', path: pointer(key) })
    else if (value !== null && !present) operations.push({ op: 'add', path: pointer(key), value })
    else if (value !== null && fresh.properties[key] !== value) {
      operations.push({ op: 'replace', path: pointer(key), value })
    }
  }
  return operations
}

/**
 * Checks everything about an update that can be checked without knowing the image.
 * @throws UsageError
 */
export function checkUpdate(wanted: ImageUpdate): void {
  if (typeof wanted !== 'object' || wanted === null) throw new UsageError('an update is an object of fields and values')
  for (const [name, value] of Object.entries(wanted)) {
    if (name === 'properties' || value === undefined) continue
    const field = updatableField(name)
    if (value === null) resetValue(field)
    else checkField(field, value)
  }
  for (const [key, value] of Object.entries(wanted.properties ?? {})) {
    if (value !== undefined) checkProperty(key, value ?? '')
  }
}

function updatableField(name: string): ImageField {
  if (name === 'locations') {
    throw new UsageError('locations are not changed with update', { hint: 'use the locations of the image service' })
  }
  return writableField(name, 'patch')
}

/** The value that null resets a field to. Removing a base field is forbidden (403), and only some may be null. */
function resetValue(field: ImageField): unknown {
  if (field.nullable && field.name !== 'owner') return null
  if (field.type === 'integer') return 0
  if (field.type === 'boolean') return false
  if (field.type === 'strings') return []
  throw new UsageError(`${field.name} cannot be empty`, { hint: 'give it a value' })
}

/** Tags are a set: their order does not matter. */
function isSame(field: ImageField, now: unknown, next: unknown): boolean {
  if (field.type !== 'strings') return now === next
  const sorted = (list: unknown) => JSON.stringify([...new Set(list as string[])].sort())
  return sorted(now) === sorted(next)
}

function pointer(key: string): string {
  return `/${escapePointerToken(key)}`
}
