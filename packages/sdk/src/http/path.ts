import { UsageError } from '../errors/tyrax-error.js'

/**
 * Builds a path: every value is percent-encoded as one segment, so that a name with `/`, `?` or `#` stays a name.
 * @throws UsageError for an empty segment, `.` and `..`, which servers and proxies resolve away
 * @example
 * import { path } from '@tyrax/sdk'
 *
 * const where = path`/images/${id}/tags/${'a/b'}`
 */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.reduce((built, part, index) => {
    const value = values[index]
    return value === undefined ? built + part : built + part + segment(value)
  }, '')
}

function segment(value: string): string {
  if (typeof value !== 'string' || value === '' || value === '.' || value === '..') {
    throw new UsageError(`${JSON.stringify(value)} cannot be part of a path: give a non-empty id or name`)
  }
  return encodeURIComponent(value)
}
