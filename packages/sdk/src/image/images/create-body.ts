import type { CommonImageProperties, ContainerFormat, DiskFormat, Visibility } from '@tyrax/protocol'
import { UsageError } from '../../errors/tyrax-error.js'
import type { CreatableFields } from './image.js'
import { checkField, checkProperty, writableField } from './image-values.js'

/** The fields of a new image; everything else is `properties`. */
export interface ImageFields extends CreatableFields {
  readonly name: string
  /** A UUID. @default a new one */
  readonly id?: string | undefined
  /**
   * `auto`: detected from the data. null: set later. Any name compiles, because operators configure which formats their
   * cloud accepts; the cloud refuses the others.
   * @default 'vhd'
   */
  readonly diskFormat?: 'auto' | DiskFormat | null | undefined
  /** null: set later. Any name compiles, as for `diskFormat`. @default 'bare' */
  readonly containerFormat?: ContainerFormat | null | undefined
  /** @default 'shared', by the server */
  readonly visibility?: Visibility | undefined
  /** Another project's id; for administrators. */
  readonly owner?: string | undefined
  /** GiB. @default 0 */
  readonly minDisk?: number | undefined
  /** MiB. @default 0 */
  readonly minRam?: number | undefined
  /** Common names and values are completed; any others compile, too. */
  readonly properties?: (CommonImageProperties & Readonly<Record<string, string>>) | undefined
  /** The same as `properties`, under the name that pyrax used; both are merged, `properties` wins. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

/**
 * The body of POST /v2/images.
 * @throws UsageError for what the server would refuse, or misread
 */
export function createBody(fields: ImageFields): Record<string, unknown> {
  if (typeof fields.name !== 'string' || fields.name === '') throw new UsageError('an image needs a name')
  const { properties, metadata, ...base } = fields
  const body = Object.create(null) as Record<string, unknown>
  for (const [name, value] of Object.entries(base)) {
    if (value === undefined) continue
    const field = writableField(name, 'create')
    if (value === null && !field.nullable) throw new UsageError(`${name} cannot be null`, { hint: 'leave it out' })
    if (value !== null) checkField(field, value)
    body[field.wire] = Array.isArray(value) ? [...new Set(value)] : value
  }
  for (const given of [metadata, properties]) {
    for (const [key, value] of Object.entries(given ?? {})) {
      checkProperty(key, value)
      body[key] = value
    }
  }
  return body
}
