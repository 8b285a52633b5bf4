import { createHash } from 'node:crypto'
import { malformed } from '../errors.js'
import { Refusal } from '../../refusal.js'

/** What a credential of the type ec2 holds: an access key, its secret, and whose trust it is limited to. */
export interface Ec2Blob {
  readonly access: string
  readonly [field: string]: unknown
}

/** Whether a credential's blob must be an `Ec2Blob` and its id comes from the access key. */
export const isEc2 = (type: string): boolean => type.toLowerCase() === 'ec2'

/** The id of the credential with an access key, which makes the key unique (keystone/common/utils.py). */
export function ec2Id(access: string): string {
  return createHash('sha256').update(access).digest('hex')
}

/**
 * Reads the blob of a request (keystone/api/credentials.py `_validate_blob_json`).
 * @throws invalid unless it is a JSON object with an access key
 */
export function readEc2Blob(text: string): Ec2Blob {
  const blob = parse(text)
  if (typeof blob !== 'object' || blob === null || Array.isArray(blob) || Object.keys(blob).length === 0) {
    throw malformed('blob', 'credential')
  }
  if (!('access' in blob) || typeof blob.access !== 'string') throw malformed('access', 'credential')
  return blob as Ec2Blob
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('invalid', 'Invalid blob in credential')
  }
}

/** @throws invalid if an update widens what the credential is limited to (`_validate_blob_update_keys`) */
export function requireSameLimits(known: Ec2Blob, wanted: Ec2Blob): void {
  const changed = limits.find((name) => JSON.stringify(known[name] ?? null) !== JSON.stringify(wanted[name] ?? null))
  if (changed !== undefined) throw new Refusal('invalid', `${changed} can not be updated for credential`)
}

const limits = ['trust_id', 'app_cred_id', 'access_token_id', 'access_id']
