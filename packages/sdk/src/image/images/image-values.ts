import { imageFieldByName, imageLimits, isReservedProperty, imageFieldByWire, type ImageField } from '@tyrax/protocol'
import { shown } from '../../errors/shown.js'
import { UsageError } from '../../errors/tyrax-error.js'

/** Checks of the values that callers pass, before anything is sent. */

/** @throws UsageError for a value that the field cannot hold */
export function checkField(field: ImageField, value: unknown): void {
  const { name } = field
  if (field.type === 'string' && typeof value !== 'string') throw wrong(name, 'a string', value)
  if (field.type === 'boolean' && typeof value !== 'boolean') throw wrong(name, 'true or false', value)
  if (field.type === 'integer' && !(Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31)) {
    throw wrong(name, 'a whole number from 0 to 2147483647', value)
  }
  if (field.type === 'strings') checkTags(value)
  if (name === 'name' && length(value as string) > imageLimits.nameLength) {
    throw new UsageError(`name has more than ${imageLimits.nameLength} characters`)
  }
}

/** @throws UsageError */
function checkTags(value: unknown): void {
  if (!Array.isArray(value)) throw wrong('tags', 'a list of strings', value)
  for (const tag of value as unknown[]) checkTag(tag)
}

/** @throws UsageError */
export function checkTag(tag: unknown): asserts tag is string {
  if (typeof tag !== 'string') throw wrong('a tag', 'a string', tag)
  if (tag === '') throw new UsageError('a tag cannot be empty')
  if (length(tag) > imageLimits.tagLength)
    throw new UsageError(`a tag has more than ${imageLimits.tagLength} characters`)
}

/** @throws UsageError for keys that cannot be a property's, and values that are not strings */
export function checkProperty(key: string, value: unknown): void {
  const said = key.length > 40 ? `${key.slice(0, 40)}…` : key
  if (key === '') throw new UsageError('a property cannot have an empty name')
  if (length(key) > imageLimits.propertyKeyLength) {
    throw new UsageError(`the property name ${said} has more than ${imageLimits.propertyKeyLength} characters`)
  }
  if (isReservedProperty(key)) {
    throw new UsageError(`the property name ${said} is reserved: the image service keeps it for itself`, {
      hint: 'choose another name',
    })
  }
  const field = imageFieldByWire(key)
  if (field) {
    throw new UsageError(`${said} is a field of every image, not a custom property`, {
      hint:
        field.create || field.patch
          ? `give it as ${field.name} (--${field.name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}), not among the properties`
          : 'the image service writes it itself',
    })
  }
  if (typeof value !== 'string') {
    throw new UsageError(`the property ${said} is ${shown(value)}: property values are strings`, {
      hint: `write it as ${JSON.stringify(String(value))}`,
    })
  }
}

/** @throws UsageError for names that are not a field, or a field that only the server writes */
export function writableField(name: string, verb: 'create' | 'patch'): ImageField {
  const field = imageFieldByName(name)
  if (field?.[verb]) return field
  const other = imageFieldByWire(name)
  if (!field && !other) {
    throw new UsageError(`images have no field ${name}`, {
      hint: `set a custom property with properties: { ${JSON.stringify(name)}: '…' }`,
    })
  }
  if (!field && other?.[verb])
    throw new UsageError(`images have no field ${name}`, { hint: `it is called ${other.name}` })
  throw new UsageError(`${name} is written by the image service and cannot be set`)
}

function wrong(name: string, wanted: string, value: unknown): UsageError {
  return new UsageError(`${name} is ${shown(value)}: it must be ${wanted}`)
}

/** In characters, as the server counts them: not in UTF-16 units. */
function length(text: string): number {
  return Array.from(text).length
}
