import { forbidden } from '../errors.js'

/**
 * Fields that only the service sets are refused before anything else in a body is checked (`_check_allowed` of
 * glance/api/v2/metadef_*.py).
 * @throws forbidden
 */
export function refuseReadOnly(body: unknown, fields: readonly string[]): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return
  for (const field of fields) {
    if (Object.hasOwn(body, field)) throw forbidden(`Attribute '${field}' is read-only.`)
  }
}

/** Of namespaces and objects. */
export const linksAndTimes = ['self', 'schema', 'created_at', 'updated_at'] as const
/** Of everything else. */
export const times = ['created_at', 'updated_at'] as const
