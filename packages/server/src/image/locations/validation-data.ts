import { createHash } from 'node:crypto'
import { opensslName, type HashAlgorithm } from '../../blobs/hash-algorithms.js'
import { conflict } from '../errors.js'
import type { ImageRecord } from '../images/image-record.js'
import type { NewLocation, ValidationData } from './location.js'

type Known = Pick<ImageRecord, 'status' | 'checksum' | 'os_hash_algo' | 'os_hash_value'>

/**
 * What locations declare about the image's bytes and the image does not have yet (glance/api/v2/images.py
 * `_validate_validation_data`). Values that the image has already may be repeated.
 * @throws conflict
 */
export function newValidationData(
  image: Known,
  locations: readonly NewLocation[],
  algorithm: HashAlgorithm,
): ValidationData {
  const declared = new Map<keyof ValidationData, string>()
  for (const { validation_data: data = {} } of locations) {
    for (const [key, value] of Object.entries(data) as [keyof ValidationData, string][]) {
      if ((declared.get(key) ?? value) !== value) throw conflict(`Conflicting values for ${key}`)
      declared.set(key, value)
    }
  }
  for (const [key, value] of declared) {
    const current = image[key]
    if (current === value) declared.delete(key)
    else if (current !== null && current !== '') throw conflict(`${key} is already set with a different value`)
  }
  if (declared.size === 0) return {}
  if (image.status !== 'queued') {
    const keys = [...declared.keys()].join(', ')
    throw conflict(`New value(s) for ${keys} may only be provided when image status is 'queued'`)
  }
  requireDigest('checksum', declared.get('checksum'), 'md5')
  const named = declared.get('os_hash_algo')
  if (named !== algorithm) throw conflict(`os_hash_algo must be ${algorithm}, not ${named ?? 'None'}`)
  requireDigest('os_hash_value', declared.get('os_hash_value'), algorithm)
  return Object.fromEntries(declared)
}

function requireDigest(key: string, value: string | undefined, algorithm: HashAlgorithm): void {
  if (value === undefined) return
  if (!isHex(value)) throw conflict(`${key} (${value}) is not a valid hexadecimal value`)
  const bytes = digestBytes(algorithm)
  if (value.length === 2 * bytes) return
  throw conflict(`${key} (${value}) is not the correct size for ${algorithm} (should be ${bytes} bytes)`)
}

/** Whether the text is a number of whole bytes in hexadecimal. */
export function isHex(text: string): boolean {
  return /^(?:[\da-f]{2})*$/i.test(text)
}

/** The length of an algorithm's digest. */
export function digestBytes(algorithm: HashAlgorithm): number {
  return createHash(opensslName(algorithm)).digest().length
}
