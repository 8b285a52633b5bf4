import { encodeTime } from '../../http/wire-time.js'
import { UsageError } from '../../errors/tyrax-error.js'

/**
 * One value, or several of which any matches, for filters that accept operators. A plain value with `:` would be read
 * as an operator, so the operator is always sent (glance/common/utils.py `split_filter_op`).
 */
export function operatorValue(name: string, value: string | readonly string[]): string {
  if (typeof value === 'string') return `eq:${value}`
  if (!Array.isArray(value) || value.length === 0) {
    throw new UsageError(`${name} is an empty list: give at least one value, or leave it out`)
  }
  return `in:${value.map((one) => quoted(name, one)).join(',')}`
}

/**
 * A value inside `in:`. Glance reads quotes around a value, but does not remove a backslash before a quote
 * (`split_filter_value_for_quotes`), so that a value with a quote cannot be expressed there at all.
 */
function quoted(name: string, value: string): string {
  if (value.includes('"')) {
    throw new UsageError(`${name}: ${JSON.stringify(value)} cannot be one of several values, since it has a quote`, {
      hint: 'ask for it by itself',
    })
  }
  if (value !== '' && !value.includes(',')) return value
  if (value.endsWith('\\')) {
    throw new UsageError(
      `${name}: ${JSON.stringify(value)} cannot be one of several values, since it ends in a backslash`,
      {
        hint: 'ask for it by itself',
      },
    )
  }
  return `"${value}"`
}

/** A comparison with a time; only one, because the server overwrites repeated parameters. */
export interface TimeFilter {
  readonly gt?: Date | undefined
  readonly gte?: Date | undefined
  readonly lt?: Date | undefined
  readonly lte?: Date | undefined
  readonly eq?: Date | undefined
  readonly neq?: Date | undefined
}

/** `gte:2026-01-31T00:00:00Z` */
export function timeValues(name: string, filter: TimeFilter | Date): string[] {
  const entries = filter instanceof Date ? [['eq', filter] as const] : Object.entries(filter)
  const set = entries.filter((entry): entry is [string, Date] => entry[1] !== undefined)
  for (const [operator, time] of set) {
    if (!timeOperators.includes(operator)) {
      throw new UsageError(`${name}: ${operator} is not a comparison`, {
        hint: `use one of ${timeOperators.join(', ')}`,
      })
    }
    if (!(time instanceof Date) || Number.isNaN(time.getTime())) {
      throw new UsageError(`${name}: ${String(time)} is not a valid Date`)
    }
  }
  if (set.length > 1) {
    throw new UsageError(`${name}: the server takes one comparison, and ${set.length} are given`, {
      hint: 'leave one to the server and check the other on what it returns',
    })
  }
  return set.map(([operator, time]) => `${operator}:${encodeTime(time)}`)
}
const timeOperators: readonly string[] = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq']
