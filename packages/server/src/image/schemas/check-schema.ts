import { isJsonObject } from '../../http/parse-json.js'
import { invalid, overLimit } from '../errors.js'
import { requireStorable } from '../images/fields/storable-text.js'
import { glanceRepr } from './glance-repr.js'
import type { Schema, SchemaDocument } from './schema.js'

interface Mismatch {
  readonly path: readonly (string | number)[]
  /** Called for the mismatch that is reported alone, since the value in it may be large. */
  readonly reason: () => string
}

/**
 * Checks a body against a document. The message begins like Glance's (glance/schema.py `Schema.validate`), which adds
 * the schema and the whole body to it. A body that is a list is refused, too; Glance responds to that with 500.
 * @throws invalid naming the mismatch that is nested least, as jsonschema's `best_match` does; over-limit for a body with
 *   more parts than can be checked without keeping other requests waiting
 */
export function checkSchema(document: SchemaDocument, body: unknown): void {
  if (!isJsonObject(body)) throw schemaMismatch(document.name, `${glanceRepr(body)} is not of type 'object'`)
  if (countParts(body) > mostParts) throw overLimit(`More than ${mostParts} objects and lists in one body.`)
  const [first, ...others] = mismatches(document, body, [], document)
  if (first === undefined) return requireStorableTexts(body)
  const best = others.reduce((best, each) => (matters(each, best) ? each : best), first)
  throw schemaMismatch(document.name, best.reason())
}

/** Far above any namespace; Glance itself has no limit. */
const mostParts = 10_000

/** The objects and lists in a value, itself included. */
function countParts(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce((sum: number, each) => sum + countParts(each), 1)
}

/** @throws invalid for a text in the body that would not come back as it was sent */
function requireStorableTexts(value: unknown): void {
  if (typeof value === 'string') return requireStorable(value)
  if (typeof value !== 'object' || value === null) return
  for (const [key, each] of Object.entries(value)) {
    requireStorable(key)
    requireStorableTexts(each)
  }
}

/** The refusal of a body that does not match a document. */
export const schemaMismatch = (name: string, reason: string) =>
  invalid(`Provided object does not match schema '${name}': ${reason}`)

function matters({ path }: Mismatch, than: Mismatch): boolean {
  if (path.length !== than.path.length) return path.length < than.path.length
  const at = path.findIndex((step, index) => step !== than.path[index])
  return at >= 0 && String(path[at]) > String(than.path[at])
}

type Path = Mismatch['path']

function* mismatches(schema: Schema, value: unknown, path: Path, document: SchemaDocument): Generator<Mismatch> {
  if (schema.$ref !== undefined) {
    const target = document.definitions?.[schema.$ref.replace('#/definitions/', '')]
    if (target !== undefined) yield* mismatches(target, value, path, document)
    return
  }
  const wrong = (reason: () => string): Mismatch => ({ path, reason })
  if (schema.type !== undefined && !hasType(schema.type, value)) {
    yield wrong(() => `${glanceRepr(value)} is not of type '${schema.type}'`)
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    yield wrong(() => `${glanceRepr(value)} is not one of ${glanceRepr(schema.enum)}`)
  }
  if (schema.maxLength !== undefined && typeof value === 'string' && isLonger(value, schema.maxLength)) {
    yield wrong(() => `${glanceRepr(value)} is too long`)
  }
  if (schema.minimum !== undefined && typeof value === 'number' && value < schema.minimum) {
    yield wrong(() => `${glanceRepr(value)} is less than the minimum of ${schema.minimum}`)
  }
  for (const each of schema.allOf ?? []) yield* mismatches(each, value, path, document)
  if (Array.isArray(value)) yield* listMismatches(schema, value, path, document)
  else if (isJsonObject(value)) yield* recordMismatches(schema, value, path, document)
}

function* listMismatches(
  schema: Schema,
  list: readonly unknown[],
  path: Path,
  document: SchemaDocument,
): Generator<Mismatch> {
  if (list.length < (schema.minItems ?? 0)) yield { path, reason: () => `${glanceRepr(list)} should be non-empty` }
  if (schema.uniqueItems === true && new Set(list.map((each) => JSON.stringify(each))).size < list.length) {
    yield { path, reason: () => `${glanceRepr(list)} has non-unique elements` }
  }
  if (schema.items === undefined) return
  for (const [at, each] of list.entries()) yield* mismatches(schema.items, each, [...path, at], document)
}

function* recordMismatches(
  schema: Schema,
  record: Readonly<Record<string, unknown>>,
  path: Path,
  document: SchemaDocument,
): Generator<Mismatch> {
  const known = schema.properties ?? {}
  for (const [key, each] of Object.entries(known)) {
    if (Object.hasOwn(record, key)) yield* mismatches(each, record[key], [...path, key], document)
  }
  const others = Object.keys(record).filter((key) => !Object.hasOwn(known, key))
  if (schema.additionalProperties === false && others.length > 0) {
    const verb = others.length === 1 ? 'was' : 'were'
    const names = others.toSorted().map(glanceRepr).join(', ')
    yield { path, reason: () => `Additional properties are not allowed (${names} ${verb} unexpected)` }
  } else if (typeof schema.additionalProperties === 'object') {
    for (const key of others) {
      yield* mismatches(schema.additionalProperties, record[key], [...path, key], document)
    }
  }
  for (const key of schema.required ?? []) {
    if (!Object.hasOwn(record, key)) yield { path, reason: () => `${glanceRepr(key)} is a required property` }
  }
}

function hasType(type: string, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isJsonObject(value)
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type
}

/** Lengths are in characters, each of which is one or two UTF-16 units. */
function isLonger(text: string, characters: number): boolean {
  if (text.length <= characters) return false
  return text.length > 2 * characters || Array.from(text).length > characters
}
