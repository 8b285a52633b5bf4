import { type ImageField, imageFieldByWire, imageFields, type WireImage } from '@tyrax/protocol'
import { decodeTime, encodeTime } from '../../http/wire-time.js'
import { TyraxError } from '../../errors/tyrax-error.js'
import type { Image } from './image.js'

/** Where wire and TypeScript meet: every image that is read or written passes through this file and nowhere else. */

/** An image from its JSON, as `list({ returnRaw: true })` returns it. @throws TyraxError when it is not an image */
export function decodeImage(wire: unknown): Image {
  if (typeof wire !== 'object' || wire === null || Array.isArray(wire)) throw notAnImage('it is not an object')
  const source = wire as Record<string, unknown>
  if (typeof source['id'] !== 'string') throw notAnImage('it has no id')
  const image: Record<string, unknown> = {}
  for (const field of imageFields) {
    const value = ownValue(source, field.wire)
    if (value !== undefined) image[field.name] = decodeField(field, value)
    else if (field.always) image[field.name] = absentValue(field)
  }
  // A property may have any name, `__proto__` included.
  const properties = Object.create(null) as Record<string, string>
  const extra = Object.create(null) as Record<string, unknown>
  for (const [key, value] of Object.entries(source)) {
    if (imageFieldByWire(key)) continue
    if (typeof value === 'string') properties[key] = value
    else extra[key] = value
  }
  image['properties'] = properties
  if (Object.keys(extra).length > 0) image['extra'] = extra
  return image as unknown as Image
}

/** The image as the server would send it; the reverse of {@link decodeImage}. */
export function encodeImage(image: Image): WireImage {
  const wire = Object.create(null) as Record<string, unknown>
  const source = image as unknown as Record<string, unknown>
  for (const field of imageFields) {
    const value = source[field.name]
    if (value !== undefined) wire[field.wire] = encodeField(field, value)
  }
  Object.assign(wire, image.extra)
  for (const [key, value] of Object.entries(image.properties)) wire[key] = value
  return wire as WireImage
}

/** One field's value, from TypeScript to the wire. */
export function encodeField(field: ImageField, value: unknown): unknown {
  if (field.type === 'date') return encodeTime(value as Date)
  return Array.isArray(value) ? [...value] : value
}

function decodeField(field: ImageField, value: unknown): unknown {
  if (field.type === 'date') return decodeTime(value)
  if (field.type === 'strings' && !Array.isArray(value)) throw notAnImage(`its ${field.wire} are not a list`)
  return value
}

/** The value to assume when a server is older than the field and does not send it. */
function absentValue(field: ImageField): unknown {
  if (field.nullable) return null
  const values = { boolean: false, integer: 0, strings: [], list: [], string: '', date: new Date(0) }
  return values[field.type]
}

function ownValue(source: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(source, key) ? source[key] : undefined
}

function notAnImage(why: string): TyraxError {
  return new TyraxError(`the server's response is not an image: ${why}`)
}
