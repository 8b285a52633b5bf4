import {
  commonProperties,
  containerFormats,
  diskFormats,
  imageFieldByWire,
  imageStatuses,
  visibilities,
} from '@tyrax/protocol'
import { UsageError } from '@tyrax/sdk'
import { nearest } from '../nearest.js'

/** What images are selected by. */
export interface Field {
  /** Glance's name of it; of a custom property, its own. */
  readonly name: string
  readonly kind: 'text' | 'number' | 'boolean' | 'time' | 'age' | 'list' | 'property'
  /** The values that there are, if these are all. */
  readonly words?: readonly string[]
  /** The unit of a bare number, in bytes, if a size is meant. */
  readonly unit?: number
}

const fields: readonly Field[] = [
  ...['id', 'name', 'checksum', 'os_hash_algo', 'os_hash_value', 'owner'].map(text),
  { ...text('status'), words: imageStatuses },
  { ...text('visibility'), words: visibilities },
  { ...text('disk_format'), words: diskFormats },
  { ...text('container_format'), words: containerFormats },
  { name: 'size', kind: 'number', unit: 1 },
  { name: 'virtual_size', kind: 'number', unit: 1 },
  { name: 'min_disk', kind: 'number', unit: 2 ** 30 },
  { name: 'min_ram', kind: 'number', unit: 2 ** 20 },
  { name: 'protected', kind: 'boolean' },
  { name: 'os_hidden', kind: 'boolean' },
  { name: 'created_at', kind: 'time' },
  { name: 'updated_at', kind: 'time' },
  { name: 'age', kind: 'age' },
  { name: 'tag', kind: 'list' },
  { name: 'store', kind: 'list' },
]

function text(name: string): Field {
  return { name, kind: 'text' }
}

const otherNames: Readonly<Record<string, string>> = { tags: 'tag', stores: 'store', hidden: 'os_hidden' }
const byName: ReadonlyMap<string, Field> = new Map(fields.map((field) => [field.name, field]))
const names = fields.map(({ name }) => name)

/** Custom properties by their full name, and those whose names say that they are one. */
const property = /^propert(?:y|ies)\.(.+)$/
const known =
  /^(?:(?:os_(?!hash|hidden)|hw_|img_|vmware_|cinder_|trait:).+|architecture|hypervisor_type|kernel_id|ramdisk_id|vm_mode)$/

/** The field with this name, in any case and with dashes; undefined when images have none. */
export function fieldNamed(name: string): Field | undefined {
  const [, key] = property.exec(name) ?? []
  if (key !== undefined) return { name: key, kind: 'property' }
  const wire = name.toLowerCase().replaceAll('-', '_')
  const field = byName.get(otherNames[wire] ?? wire)
  if (field) return field
  const isMistake = !Object.hasOwn(commonProperties, name) && propertyMeant(name) !== undefined
  return known.test(name) && !isMistake ? { name, kind: 'property' } : undefined
}

/** The field that was probably meant. */
export function fieldMeant(name: string): string | undefined {
  return nearest(name.toLowerCase().replaceAll('-', '_'), [...names, ...Object.keys(otherNames)]) ?? propertyMeant(name)
}

function propertyMeant(name: string): string | undefined {
  return known.test(name) ? nearest(name, [...Object.keys(commonProperties), ...names]) : undefined
}

export function unknownField(name: string): UsageError {
  const meant = fieldMeant(name)
  const isField = imageFieldByWire(name) !== undefined
  const hints = [
    ...(meant === undefined ? [] : [`did you mean ${meant}?`]),
    `the fields are ${names.join(', ')}`,
    ...(isField ? [] : [`a custom property is properties.${name}`]),
  ]
  return new UsageError(`Images cannot be selected by ${JSON.stringify(name)}`, { hint: hints.join('; ') })
}
