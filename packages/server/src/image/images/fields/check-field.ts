import { imageLimits } from '@tyrax/protocol'
import { invalid, overLimit, schemaMismatch } from '../../errors.js'
import type { FieldSchema, FieldSchemas } from './field-schemas.js'
import { glanceRepr } from '../../schemas/glance-repr.js'
import { requireStorable } from './storable-text.js'

/**
 * Checks one value against the image document: a base field against its own rule, any other key as a custom property,
 * whose value must be a string.
 * @throws invalid
 */
export function checkField(key: string, value: unknown, schemas: FieldSchemas): void {
  const schema = Object.hasOwn(schemas, key) ? schemas[key] : undefined
  if (schema === undefined) {
    if (typeof value !== 'string') throw schemaMismatch(`${glanceRepr(value)} is not of type 'string'`)
    if (isLonger(key, imageLimits.propertyKeyLength)) {
      throw invalid('Custom property should not be greater than 255 characters.')
    }
    if (Buffer.byteLength(value) > imageLimits.propertyValueBytes) {
      throw invalid(`The value of property ${key} is larger than ${imageLimits.propertyValueBytes} bytes.`)
    }
    requireStorable(key)
    requireStorable(value)
    return
  }
  checkValue(schema, value)
  if (schema.items !== undefined) checkItems(key, schema.items as FieldSchema, value as unknown[])
  if (schema.type === 'integer' && schema.readOnly !== true) checkAmount(key, value as number)
}

/** Above any useful quota. Limited because checking takes time for each item. */
const mostItems = 10_000

function checkItems(key: string, schema: FieldSchema, items: readonly unknown[]): void {
  if (items.length > mostItems) throw overLimit(`More than ${mostItems} ${key}.`)
  for (const item of items) checkValue(schema, item)
}

function checkValue(schema: FieldSchema, value: unknown): void {
  const types = typeof schema.type === 'string' ? [schema.type] : schema.type
  if (!types.some((type) => hasType(type, value))) {
    throw schemaMismatch(`${glanceRepr(value)} is not of type ${types.map((type) => `'${type}'`).join(', ')}`)
  }
  if (schema.enum !== undefined && !(schema.enum as readonly unknown[]).includes(value)) {
    throw schemaMismatch(`${glanceRepr(value)} is not one of [${schema.enum.map(glanceRepr).join(', ')}]`)
  }
  if (typeof value !== 'string') return
  if (schema.maxLength !== undefined && isLonger(value, schema.maxLength)) {
    throw schemaMismatch(`${glanceRepr(value)} is too long`)
  }
  requireStorable(value)
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)) {
    throw schemaMismatch(`${glanceRepr(value)} does not match '${schema.pattern}'`)
  }
}

function hasType(type: string, value: unknown): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return typeof value === type
}

/** Not negative (glance/domain/__init__.py `Image.min_disk`), and within a database integer (`_validate_db_int`). */
function checkAmount(key: string, value: number): void {
  if (value < 0) throw invalid(`Invalid value '${value}' for parameter '${key}': Cannot be a negative value`)
  if (value > maxDatabaseInteger) {
    throw invalid(
      `Invalid value '${value}' for parameter '${key}': Value could not be greater than ${maxDatabaseInteger}`,
    )
  }
}

const maxDatabaseInteger = 2 ** 31 - 1

/** Lengths are in characters, each of which is one or two UTF-16 units. */
function isLonger(text: string, characters: number): boolean {
  if (text.length <= characters) return false
  return text.length > 2 * characters || Array.from(text).length > characters
}
