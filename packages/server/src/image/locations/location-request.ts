import { cutText } from '../../http/webob-error.js'
import { invalid } from '../errors.js'
import { digestBytes, isHex } from './validation-data.js'

/** A checked request for a location. */
export interface LocationRequest {
  readonly url: string
  readonly validation: DeclaredHash | undefined
}

/** What the caller declares about the bytes, which they must have. */
export interface DeclaredHash {
  readonly os_hash_algo: DeclaredAlgorithm
  readonly os_hash_value: string
}

const declaredAlgorithms = ['sha1', 'sha256', 'sha512', 'md5'] as const
type DeclaredAlgorithm = (typeof declaredAlgorithms)[number]

/**
 * Reads the body of `POST /v2/images/{id}/locations` (glance/api/v2/images.py `get_add_location_properties`).
 * @throws invalid
 */
export function parseLocation(body: unknown): LocationRequest {
  const { url, validation_data: validation } = objectOf(body)
  if (url === undefined) throw mismatch(`'url' is a required property`)
  if (typeof url !== 'string') throw mismatch(`${show(url)} is not of type 'string'`)
  return { url, validation: validation === undefined ? undefined : parseHash(objectOf(validation)) }
}

function parseHash(fields: Readonly<Record<string, unknown>>): DeclaredHash | undefined {
  const { os_hash_algo: algorithm, os_hash_value: value, ...others } = fields
  const [other] = Object.keys(others)
  if (other !== undefined) throw mismatch(`Additional properties are not allowed (${show(other)} was unexpected)`)
  if (algorithm === undefined && value === undefined) return undefined
  if (value === undefined) throw mismatch(`'os_hash_value' is a dependency of 'os_hash_algo'`)
  if (algorithm === undefined) throw mismatch(`'os_hash_algo' is a dependency of 'os_hash_value'`)
  const known = declaredAlgorithms.find((each) => each === algorithm)
  if (known === undefined) {
    throw mismatch(`${show(algorithm)} is not one of [${declaredAlgorithms.map(show).join(', ')}]`)
  }
  if (typeof value !== 'string') throw mismatch(`${show(value)} is not of type 'string'`)
  if (value.length > longestHash) throw mismatch(`${show(value)} is too long`)
  return { os_hash_algo: known, os_hash_value: value }
}

const longestHash = 128

/** @throws invalid when the declared hash cannot be one of its algorithm */
export function requireHash({ os_hash_algo: algorithm, os_hash_value: value }: DeclaredHash): void {
  if (!isHex(value)) throw invalid(`os_hash_value (${value}) is not a valid hexadecimal value`)
  const bytes = digestBytes(algorithm)
  if (value.length === 2 * bytes) return
  throw invalid(`os_hash_value: (${value}) is not the correct size for (${algorithm}) (should be (${bytes}) bytes)`)
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw mismatch(`${show(value)} is not of type 'object'`)
}

const mismatch = (reason: string) => invalid(`Provided object does not match schema 'location': ${reason}`)

function show(value: unknown): string {
  return typeof value === 'string' ? `'${cutText(value)}'` : cutText(JSON.stringify(value) ?? 'None')
}
