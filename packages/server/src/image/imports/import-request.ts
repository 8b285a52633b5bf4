import { isJsonObject } from '../../http/parse-json.js'
import { invalid } from '../errors.js'

/** A checked import request. */
export interface ImportRequest {
  /** The body as it was sent, which the task's input shows. */
  readonly body: Readonly<Record<string, unknown>>
  readonly method: ImportFields
  /** Undefined: none named in the body. */
  readonly stores: readonly string[] | undefined
  /** The store named by the header `X-Image-Meta-Store`. */
  readonly headerStore: string | undefined
  readonly allStores: boolean
  readonly allMustSucceed: boolean
}

/** The `method` of an import: its name, and fields that depend on it. */
export interface ImportFields {
  readonly name: string
  readonly [field: string]: unknown
}

/**
 * Reads the body of `POST /v2/images/{id}/import` (glance/api/v2/images.py `_validate_import_body`). Unknown keys are
 * ignored, as in Glance.
 * @throws invalid
 */
export function parseImport(
  body: unknown,
  headerStore: string | undefined,
  enabledMethods: readonly string[],
): ImportRequest {
  const fields = isJsonObject(body) ? body : {}
  const method = fields['method']
  if (!Object.hasOwn(fields, 'method')) throw invalid(`Import request requires a 'method' field.`)
  if (!isJsonObject(method)) throw invalid(`'method' must be an object such as {"name": "glance-direct"}`)
  const { name } = method
  if (name === undefined) throw invalid(`Import request requires a 'name' field.`)
  if (typeof name !== 'string' || !enabledMethods.includes(name)) {
    throw invalid(`Unknown import method name '${typeof name === 'string' ? name : JSON.stringify(name)}'.`)
  }
  const allMustSucceed = readBoolean(fields, 'all_stores_must_succeed', true)
  const allStores = readBoolean(fields, 'all_stores', false)
  return {
    body: fields,
    method: { ...method, name },
    stores: readStores(fields),
    headerStore,
    allStores,
    allMustSucceed,
  }
}

function readBoolean(fields: Readonly<Record<string, unknown>>, key: string, absent: boolean): boolean {
  const value = fields[key] ?? absent
  if (typeof value !== 'boolean') throw invalid(`'${key}' must be boolean value only`)
  return value
}

function readStores(fields: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  const stores = fields['stores']
  if (stores === undefined) return undefined
  const isList = Array.isArray(stores) && stores.every((store) => typeof store === 'string')
  if (!isList || stores.length === 0) throw invalid(`'stores' must be a list of one or more store names`)
  return [...new Set(stores)]
}
