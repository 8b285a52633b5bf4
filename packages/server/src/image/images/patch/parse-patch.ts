import { imageFieldByWire, isReservedProperty, jsonPatchV20, jsonPatchV21, unescapePointerToken } from '@tyrax/protocol'
import { takeTurn } from '../../../http/turns.js'
import { forbidden, invalid, overLimit } from '../../errors.js'
import type { NewLocation } from '../../locations/location.js'
import { checkField } from '../fields/check-field.js'
import type { FieldSchemas } from '../fields/field-schemas.js'

/** The two dialects of PATCH, by media type. They differ in how an operation is written and in what `add` does. */
export const patchDialects: ReadonlyMap<string, PatchDialect> = new Map([
  [jsonPatchV20, { readOperation: readDraft4, addReplaces: false }],
  [jsonPatchV21, { readOperation: readDraft10, addReplaces: true }],
])

export interface PatchDialect {
  readonly readOperation: (raw: Readonly<Record<string, unknown>>) => { op: Operation; path: unknown }
  /** Whether `add` of an existing value replaces it instead of being refused. */
  readonly addReplaces: boolean
}

/** The most operations that can be checked and applied without keeping other requests waiting. */
const mostOperations = 10_000

const operations = ['add', 'remove', 'replace'] as const
type Operation = (typeof operations)[number]

/** One checked step of a PATCH. */
export type Change = ValueChange | LocationChange

/** A change of a base field or of a custom property; `key` is its name on the wire. */
export type ValueChange =
  | { readonly op: 'remove'; readonly key: string }
  | { readonly op: 'add' | 'replace'; readonly key: string; readonly value: unknown; readonly addReplaces: boolean }

/** A change of the image's locations. Only a whole list can be replaced; `-` is the position after the last. */
export type LocationChange = { readonly key: 'locations' } & (
  | { readonly op: 'remove'; readonly position: string }
  | { readonly op: 'add'; readonly position: string; readonly value: readonly NewLocation[] }
  | { readonly op: 'replace'; readonly value: readonly NewLocation[] }
)

/** Whether a change is one of locations. */
export function isLocationChange(change: Change): change is LocationChange {
  return change.key === 'locations'
}

/**
 * Reads the body of a PATCH (glance/api/v2/images.py `RequestDeserializer.update`). The image is not looked up: what
 * fails here fails for every image.
 * @throws invalid for a malformed operation or value; forbidden for keys that can never be changed; over-limit
 */
export function parsePatch(body: unknown, dialect: PatchDialect, schemas: FieldSchemas): Change[] {
  if (!Array.isArray(body)) throw invalid('Request body must be a JSON array of operation objects.')
  if (body.length > mostOperations) throw overLimit(`A PATCH has at most ${mostOperations} operations.`)
  return body.map((raw: unknown) => parseChange(raw, dialect, schemas))
}

/** {@link parsePatch}, but lets other requests run between batches of operations. */
export async function parsePatchInTurns(
  body: unknown,
  dialect: PatchDialect,
  schemas: FieldSchemas,
): Promise<Change[]> {
  if (!Array.isArray(body) || body.length <= operationsInTurn || body.length > mostOperations) {
    return parsePatch(body, dialect, schemas)
  }
  const changes: Change[] = []
  for (let at = 0; at < body.length; at += operationsInTurn) {
    await takeTurn()
    changes.push(...parsePatch(body.slice(at, at + operationsInTurn), dialect, schemas))
  }
  await takeTurn()
  return changes
}

const operationsInTurn = 500

function parseChange(raw: unknown, dialect: PatchDialect, schemas: FieldSchemas): Change {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw invalid('Operations must be JSON objects.')
  const fields = raw as Record<string, unknown>
  const { op, path } = dialect.readOperation(fields)
  if (typeof path !== 'string') throw invalid('The path of an operation must be a JSON pointer.')
  const parts = parsePointer(path)
  const key = parts[0] ?? ''
  // Only `locations` has elements that can be added and removed.
  if (parts.length !== (key === 'locations' && op !== 'replace' ? 2 : 1)) {
    throw invalid(`Invalid JSON pointer for this resource: '/${parts.join('/')}'`)
  }
  if (op !== 'remove' && !Object.hasOwn(fields, 'value')) {
    throw invalid(`Operation "${op}" requires a member named "value".`)
  }
  requirePatchable(key)
  const [, position = ''] = parts
  if (op === 'remove') return key === 'locations' ? { op, key, position } : { op, key }
  const value = fields['value']
  checkField(key, parts.length === 1 ? value : [value], schemas)
  if (key === 'locations') {
    if (op === 'replace') return { op, key, value: value as NewLocation[] }
    return { op, key, position, value: [value as NewLocation] }
  }
  return { op, key, value, addReplaces: dialect.addReplaces }
}

function requirePatchable(key: string): void {
  if (imageFieldByWire(key)?.patch === false) throw forbidden(`Attribute '${key}' is read-only.`)
  if (isReservedProperty(key)) throw forbidden(`Attribute '${key}' is reserved.`)
}

/** `{"op": "add", "path": "/key", "value": …}` */
function readDraft10(raw: Readonly<Record<string, unknown>>): { op: Operation; path: unknown } {
  const op = raw['op']
  const choices = operations.join(', ')
  if (op === undefined || op === null) {
    throw invalid(`Unable to find \`op\` in JSON Schema change. It must be one of the following: ${choices}.`)
  }
  if (!(operations as readonly unknown[]).includes(op)) {
    throw invalid(`Invalid operation: \`${JSON.stringify(op)}\`. It must be one of the following: ${choices}.`)
  }
  if (!Object.hasOwn(raw, 'path')) throw invalid(`Unable to find 'path' in JSON Schema change`)
  return { op: op as Operation, path: raw['path'] }
}

/** `{"add": "/key", "value": …}` */
function readDraft4(raw: Readonly<Record<string, unknown>>): { op: Operation; path: unknown } {
  const [op, another] = operations.filter((name) => Object.hasOwn(raw, name))
  if (op === undefined) {
    throw invalid('Operation objects must contain exactly one member named "add", "remove", or "replace".')
  }
  if (another !== undefined) {
    throw invalid('Operation objects must contain only one member named "add", "remove", or "replace".')
  }
  return { op, path: raw[op] }
}

/**
 * The segments of a JSON pointer, in the limited form that Glance accepts (glance/api/v2/images.py
 * `_validate_json_pointer`): segments are stripped of spaces, none may be empty, and no slash follows the last.
 * @throws invalid
 */
function parsePointer(pointer: string): string[] {
  if (!pointer.startsWith('/')) throw invalid(`Pointer \`${pointer}\` does not start with "/".`)
  if (/\/\s*?\//.test(pointer.slice(1))) throw invalid(`Pointer \`${pointer}\` contains adjacent "/".`)
  if (pointer.length > 1 && pointer.endsWith('/')) throw invalid(`Pointer \`${pointer}\` end with "/".`)
  if (/~[^01]/.test(pointer) || pointer.endsWith('~')) {
    throw invalid(`Pointer \`${pointer}\` contains "~" not part of a recognized escape sequence.`)
  }
  return pointer
    .replace(/^\/+/, '')
    .split('/')
    .map((part) => unescapePointerToken(part).trim())
}
