import { invalidField } from './errors.js'

/** A JSON object that is read field by field; every refusal names the field's path, as Keystone does. */
export type Fields = Readonly<Record<string, unknown>>

export function objectAt(value: unknown, path: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw invalidField(path, `${JSON.stringify(value) ?? 'nothing'} is not of type 'object'`)
}

/** @throws Refusal invalid unless the field is present and a string */
export function stringAt(fields: Fields, key: string, path: string): string {
  const value = optionalStringAt(fields, key, path)
  if (value === undefined) throw invalidField(path, `'${key}' is a required property`)
  return value
}

export function optionalStringAt(fields: Fields, key: string, path: string): string | undefined {
  const value = fields[key]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw invalidField(join(path, key), `${JSON.stringify(value)} is not of type 'string'`)
}

export function optionalObjectAt(fields: Fields, key: string, path: string): Fields | undefined {
  const value = fields[key]
  return value === undefined ? undefined : objectAt(value, join(path, key))
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}/${key}`
}
