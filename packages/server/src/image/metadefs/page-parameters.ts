import type { SortDirection } from '@tyrax/protocol'
import { invalid } from '../errors.js'

/**
 * A page size (`_validate_limit` of glance/api/v2/metadef_*.py).
 * @param least the smallest that is accepted
 * @throws invalid
 */
export function readLimit(text: string | null, least: 0 | 1): number | undefined {
  if (text === null) return undefined
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw invalid('limit param must be an integer')
  const limit = Number(text)
  if (limit < least) throw invalid('limit param must be positive')
  return limit
}

/** @throws invalid */
export function readDirection(text: string | null): SortDirection {
  if (text === null) return 'desc'
  if (text !== 'asc' && text !== 'desc') throw invalid(`Invalid sort direction: ${text}`)
  return text
}

/** @throws invalid where Glance responds with 500 */
export function readSortKey<K extends string>(text: string, keys: readonly K[]): K {
  const key = keys.find((each) => each === text)
  if (key === undefined) {
    throw invalid(`Invalid sort key: ${text}. It must be one of the following: ${keys.join(', ')}.`)
  }
  return key
}

/** Objects and tags check this filter, but do not use it. @throws invalid */
export function checkVisibilityFilter(text: string | null): void {
  if (text && !['public', 'private', 'shared'].includes(text)) throw invalid(`Invalid visibility value: ${text}`)
}
