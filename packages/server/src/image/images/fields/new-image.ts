import { imageFieldByWire, isReservedProperty, type Visibility } from '@tyrax/protocol'
import { forbidden, overLimit, schemaMismatch } from '../../errors.js'
import { storedFields, type ImageRecord, type StoredField } from '../image-record.js'
import { checkField } from './check-field.js'
import type { FieldSchemas } from './field-schemas.js'

type CreatableField = Extract<StoredField, { readonly create: true }>

/** The checked body of a create request. */
export interface NewImage extends Omit<
  Pick<ImageRecord, CreatableField['wire'] | 'tags' | 'properties'>,
  'id' | 'owner'
> {
  readonly id: string | undefined
  /** Undefined: the caller's project. */
  readonly owner: string | null | undefined
}

const creatableFields = storedFields.filter((field): field is CreatableField => field.create)

/**
 * Reads the body of `POST /v2/images` (glance/api/v2/images.py `RequestDeserializer.create`).
 * @throws invalid for a value that does not match the schema; forbidden for a key that clients may not set
 */
export function parseNewImage(body: unknown, schemas: FieldSchemas, defaultVisibility: Visibility): NewImage {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw schemaMismatch(`${JSON.stringify(body)} is not of type 'object'`)
  }
  const given = new Map(Object.entries(body))
  for (const key of readOnlyFirst) if (given.has(key)) throw forbidden(`Attribute '${key}' is read-only.`)
  if (given.size > mostKeys) throw overLimit(`An image has at most ${mostKeys} properties.`)
  for (const [key, value] of given) checkField(key, value, schemas)
  const properties: Record<string, string> = {}
  for (const [key, value] of given) {
    const field = imageFieldByWire(key)
    if (field === undefined) {
      if (isReservedProperty(key)) throw forbidden(`Attribute '${key}' is reserved.`)
      setOwn(properties, key, value as string)
    } else if (!field.create && !ignored.has(key)) {
      throw forbidden(key === 'locations' ? `Attribute '${key}' is reserved.` : `Attribute '${key}' is read-only.`)
    }
  }
  requireByteRoom(properties)
  const values = Object.fromEntries(
    creatableFields.map((field) => [field.wire, given.has(field.wire) ? given.get(field.wire) : absentValue(field)]),
  ) as Pick<ImageRecord, CreatableField['wire']>
  return {
    ...values,
    id: given.get('id') as string | undefined,
    owner: given.get('owner') as string | null | undefined,
    visibility: given.has('visibility') ? values.visibility : defaultVisibility,
    tags: [...new Set((given.get('tags') ?? []) as string[])].sort(),
    properties,
  }
}

function absentValue({ type, nullable }: CreatableField): null | false | 0 | '' {
  if (nullable) return null
  return type === 'boolean' ? false : type === 'integer' ? 0 : ''
}

/** Above any useful quota. Limited because checking takes time for each key. */
const mostKeys = 10_000

/** Refused before anything else in the body is checked (`_disallowed_properties`). */
const readOnlyFirst = ['direct_url', 'self', 'file', 'schema', 'stores'] as const

/** Accepted but ignored, as in Glance: only the server computes them. */
const ignored: ReadonlySet<string> = new Set(['os_hash_algo', 'os_hash_value'])

/** Sets an own property, even if the key is `__proto__`. */
export function setOwn(target: Record<string, string>, key: string, value: string): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
}

/**
 * The most that can be stored and listed without keeping other requests waiting. Glance itself has no limit; the
 * largest record that its database accepts, 128 properties of 64 KiB, is four times this.
 */
const mostPropertyBytes = 2 * 1024 ** 2

/** @throws over-limit */
export function requireByteRoom(properties: Readonly<Record<string, string>>): void {
  const bytes = Object.entries(properties).reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0)
  if (bytes > mostPropertyBytes) throw overLimit(`The properties of an image have at most ${mostPropertyBytes} bytes.`)
}
