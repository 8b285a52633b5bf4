import type { WireMetadefProperty } from '@tyrax/protocol'
import { invalid } from '../../errors.js'
import { schemaMismatch } from '../../schemas/check-schema.js'
import { glanceRepr } from '../../schemas/glance-repr.js'

type Value = Readonly<Record<string, unknown>>
type Read = (value: unknown, key: string, schema: string) => unknown

const asItIs: Read = (value) => value
/** Whole numbers: fractions are dropped. */
const whole: Read = (value) => Math.trunc(value as number)
const texts: Read = (value, key, schema) => {
  const other = (value as readonly unknown[]).find((each) => typeof each !== 'string')
  if (other !== undefined) throw schemaMismatch(schema, `${glanceRepr(other)} in '${key}' is not of type 'string'`)
  return value
}

/**
 * A default is kept as text, of every type: numbers and booleans as Python prints them, lists and objects as null.
 * @throws invalid for text that is not ASCII, like Glance
 */
const asText: Read = (value) => {
  if (typeof value === 'object') return null
  const text = typeof value === 'string' ? value : glanceRepr(value)
  // oxlint-disable-next-line no-control-regex
  if (!/^[\0-\x7f]*$/.test(text)) {
    throw invalid(
      'Error decoding your request. Either the URL or the request body contained characters that could not be decoded by Glance',
    )
  }
  return text
}

const items: Read = (value, key, schema) => {
  const { type, enum: choices, ...others } = value as Value
  refuseOthers(Object.keys(others), schema)
  if (type === undefined) throw schemaMismatch(schema, `'type' is a required property of '${key}'`)
  return { type, ...(choices !== undefined && { enum: texts(choices, 'enum', schema) }) }
}

/** What is kept of a property, in the order of responses (glance/api/v2/model/metadef_property_type.py). */
const fields: Readonly<Record<Exclude<keyof WireMetadefProperty, 'name'>, Read>> = {
  type: asItIs,
  title: asItIs,
  description: asItIs,
  operators: asItIs,
  default: asText,
  readonly: asItIs,
  minimum: whole,
  maximum: whole,
  enum: texts,
  pattern: asItIs,
  minLength: whole,
  maxLength: whole,
  confidential: asItIs,
  items,
  uniqueItems: asItIs,
  minItems: whole,
  maxItems: whole,
  additionalItems: asItIs,
}

/**
 * The property as Glance keeps it, without its name. What its schema allows but its model has no place for is refused;
 * Glance responds to that with 500.
 * @param value matches the schema of properties
 * @param schema the name of the schema, for the message
 * @throws invalid
 */
export function toPropertyType(value: Value, schema: string): Omit<WireMetadefProperty, 'name'> {
  const { name: _name, ...given } = value
  refuseOthers(
    Object.keys(given).filter((key) => !Object.hasOwn(fields, key)),
    schema,
  )
  const kept = Object.entries(fields).flatMap(([key, read]) =>
    Object.hasOwn(given, key) ? [[key, read(given[key], key, schema)] as const] : [],
  )
  return Object.fromEntries(kept) as Omit<WireMetadefProperty, 'name'>
}

/** The properties of an object or a namespace, by name. @throws invalid */
export function toPropertyTypes(map: Readonly<Record<string, unknown>>, schema: string): PropertyTypes {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, toPropertyType(value as Value, schema)]))
}

export type PropertyTypes = Record<string, Omit<WireMetadefProperty, 'name'>>

/** @throws invalid if there are any */
export function refuseOthers(names: readonly string[], schema: string): void {
  if (names.length === 0) return
  const verb = names.length === 1 ? 'was' : 'were'
  throw schemaMismatch(
    schema,
    `Additional properties are not allowed (${names.map(glanceRepr).join(', ')} ${verb} unexpected)`,
  )
}
