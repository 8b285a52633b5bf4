import { isJsonObject } from '../http/parse-json.js'
import { invalidField } from './errors.js'
import type { Fields } from './fields.js'
import { pythonRepr } from '../python-repr.js'
import { Refusal } from '../refusal.js'

/** A JSON object as it is stored. */
export type Attributes = Readonly<Record<string, unknown>>

/** What is wrong with a value, in the words of Keystone's library, and where below the value; undefined: nothing. */
export type Check = (value: unknown) => Problem | undefined

interface Problem {
  readonly message: string
  /** The field or index that is wrong, with its value, when it is inside of the value that was checked. */
  readonly at?: { readonly name: string | number; readonly value: unknown } | undefined
}

/** The rules for the object in a request body (keystone/api/validation/validators.py). */
export interface Schema {
  readonly required?: readonly string[]
  /** Whether an object without any field is refused. */
  readonly isNonEmpty?: boolean
  /** Whether fields without a rule are refused. @default they are kept */
  readonly isClosed?: boolean
  readonly fields: Readonly<Record<string, Check>>
}

/**
 * Reads the object that a request body holds under `key`.
 * @throws Refusal invalid, with the text of Keystone
 */
export function readResource(body: Fields, key: string, schema: Schema): Attributes {
  const resource = body[key]
  if (resource === undefined) throw new Refusal('invalid', `'${key}' is a required property`)
  const fail = (name: string | number, value: unknown, message: string): never => {
    throw new Refusal('invalid', `Invalid input for field/attribute ${name}. Value: ${pythonText(value)}. ${message}`)
  }
  if (!isJsonObject(resource)) return fail(key, resource, `${pythonRepr(resource)} is not of type 'object'`)
  const missing = schema.required?.find((name) => resource[name] === undefined)
  if (missing !== undefined) fail(key, resource, `'${missing}' is a required property`)
  if (schema.isNonEmpty === true && Object.keys(resource).length === 0) fail(key, resource, '{} should be non-empty')
  const unknown = schema.isClosed === true ? unexpected(resource, schema.fields) : undefined
  if (unknown !== undefined) fail(key, resource, unknown)
  for (const [name, check] of Object.entries(schema.fields)) {
    const value = resource[name]
    const problem = value === undefined ? undefined : check(value)
    if (problem !== undefined) fail(problem.at?.name ?? name, problem.at ? problem.at.value : value, problem.message)
  }
  return resource
}

export function text({ least = 0, most = Infinity, pattern }: TextRules = {}): Check {
  return (value) => {
    if (typeof value !== 'string') return { message: `${pythonRepr(value)} is not of type 'string'` }
    const { length } = Array.from(value)
    if (length < least)
      return { message: `${pythonRepr(value)} ${least === 1 ? 'should be non-empty' : 'is too short'}` }
    if (length > most) return { message: `${pythonRepr(value)} is too long` }
    if (pattern !== undefined && !pattern.test(value)) {
      return { message: `${pythonRepr(value)} does not match ${pythonRepr(pattern.source)}` }
    }
    return undefined
  }
}

interface TextRules {
  /** The fewest and the most characters. */
  readonly least?: number
  readonly most?: number
  readonly pattern?: RegExp
}

export function nullable(check: Check): Check {
  return (value) => {
    const problem = value === null ? undefined : check(value)
    if (problem === undefined || !problem.message.endsWith("is not of type 'string'")) return problem
    return { message: problem.message.replace(/'string'$/, "'string', 'null'") }
  }
}

export const boolean: Check = (value) =>
  typeof value === 'boolean' ? undefined : { message: `${pythonRepr(value)} is not of type 'boolean'` }

/** An object of options; `immutable` is the one of projects and roles. */
export function options(known: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (!isJsonObject(value)) return { message: `${pythonRepr(value)} is not of type 'object'` }
    const unknown = unexpected(value, known)
    if (unknown !== undefined) return { message: unknown }
    for (const [name, each] of Object.entries(value)) {
      const problem = known[name]?.(each)
      if (problem !== undefined) return { message: problem.message, at: { name, value: each } }
    }
    return undefined
  }
}

/** What is wrong with an object that has other fields; undefined: nothing. */
function unexpected(value: Attributes, known: Readonly<Record<string, Check>>): string | undefined {
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(known, name))
  if (unknown.length === 0) return undefined
  const verb = unknown.length === 1 ? 'was' : 'were'
  return `Additional properties are not allowed (${unknown.map((each) => pythonRepr(each)).join(', ')} ${verb} unexpected)`
}

/** The tags of a project (keystone/resource/schema.py). */
export const tags: Check = (value) => {
  if (!Array.isArray(value)) return { message: `${pythonRepr(value)} is not of type 'array'` }
  for (const [index, each] of value.entries()) {
    const problem = tag(each)
    if (problem !== undefined) return { message: problem.message, at: { name: index, value: each } }
  }
  if (value.length > mostTags) return { message: `${pythonRepr(value)} is too long` }
  if (new Set(value).size < value.length) return { message: `${pythonRepr(value)} has non-unique elements` }
  return undefined
}

/** The tags that a request gives on their own. @throws Refusal invalid */
export function checkTags(value: unknown): readonly string[] {
  const problem = tags(value)
  if (problem !== undefined) throw invalidField('', problem.message)
  return value as readonly string[]
}

const mostTags = 80
const tag = text({ least: 1, most: 255, pattern: /^[^,/]*$/ })

export const immutableOption = options({
  immutable: (value) => (value === null ? undefined : boolean(value)),
})

/** The options after an update: null removes one (keystone/common/resource_options/core.py). */
export function mergeOptions(old: Attributes, update: unknown): Attributes {
  const given = isJsonObject(update) ? update : {}
  return Object.fromEntries(Object.entries({ ...old, ...given }).filter(([, value]) => value !== null))
}

/** The fields of a request that Keystone has no column for; it keeps them. */
export function extraFields(fields: Attributes, known: readonly string[]): Attributes {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !known.includes(name)))
}

/** @throws Refusal invalid if the body is for another id or domain */
export function requireSamePlace(fields: Attributes, id: string, domainId: string): void {
  const { id: givenId, domain_id: givenDomain } = fields
  if (givenId !== undefined && givenId !== null && givenId !== id) throw invalidField('', 'Cannot change ID')
  if (givenDomain !== undefined && givenDomain !== domainId) throw invalidField('', 'Cannot change Domain ID')
}

function pythonText(value: unknown): string {
  return typeof value === 'string' ? value : pythonRepr(value)
}
