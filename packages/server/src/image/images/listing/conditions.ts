import { operatorFilters, timeFilters } from '@tyrax/protocol'
import { invalid } from '../../errors.js'
import { storedFields } from '../image-record.js'
import { parseIsoTime } from '../wire-time.js'
import { splitOperator, splitQuoted } from './filter-value.js'

/** A condition of a WHERE clause over `images i`, and the values of its placeholders. */
export interface Condition {
  readonly sql: string
  readonly values: readonly (string | number | null)[]
}

/**
 * The condition for one filter of a listing (glance/db/sqlalchemy/api.py `_make_conditions_from_filters`). A key that
 * is not a column is the name of a custom property.
 * @throws invalid where Glance responds with 400
 */
export function filterCondition(key: string, value: string): Condition {
  if (key.endsWith('_min') || key.endsWith('_max')) return rangeCondition(key, value)
  if ((timeFilters as readonly string[]).includes(key)) return timeCondition(key, value)
  if ((operatorFilters as readonly string[]).includes(key)) return operatorCondition(key, value)
  if (columns.has(key)) return { sql: `i.${key} = ?`, values: [value] }
  return {
    sql: 'EXISTS (SELECT 1 FROM image_properties p WHERE p.image_id = i.id AND p.name = ? AND p.value = ?)',
    values: [key, value],
  }
}

/** The condition that an image has a tag. */
export function tagCondition(tag: string): Condition {
  return { sql: 'EXISTS (SELECT 1 FROM image_tags t WHERE t.image_id = i.id AND t.value = ?)', values: [tag] }
}

function rangeCondition(key: string, value: string): Condition {
  const column = key.slice(0, -4)
  if (!/^\s*[-+]?\d+\s*$/.test(value)) throw invalid('Unable to filter on a range with a non-numeric value.')
  // Glance does not check that the column exists, and responds with 500 if it does not.
  if (!columns.has(column)) throw invalid(`Unable to filter on a range of ${column}.`)
  return { sql: `i.${column} ${key.endsWith('_min') ? '>=' : '<='} ?`, values: [Number(value)] }
}

function timeCondition(key: string, value: string): Condition {
  const { operator, operand } = splitOperator(value)
  const time = parseIsoTime(operand)
  if (time === undefined) throw invalid(`Bad "${key}" query filter format. Use ISO 8601 DateTime notation.`)
  const comparison = comparisons.get(operator)
  if (comparison === undefined) throw invalid('Unable to filter on a unknown operator.')
  return { sql: `i.${key} ${comparison} ?`, values: [time] }
}

function operatorCondition(key: string, value: string): Condition {
  const { operator, operand } = splitOperator(value)
  if (operator === 'eq') return { sql: `i.${key} = ?`, values: [operand] }
  if (operator !== 'in') throw invalid(`Unable to filter by unknown operator '${operator}'.`)
  const wanted = splitQuoted(operand)
  if (wanted.length === 0) return { sql: '0', values: [] }
  // One parameter for any number of values, so that the statement's text stays the same and its preparation is reused.
  return { sql: `i.${key} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(wanted)] }
}

const comparisons: ReadonlyMap<string, string> = new Map([
  ['gt', '>'],
  ['gte', '>='],
  ['lt', '<'],
  ['lte', '<='],
  ['eq', '='],
  ['neq', '<>'],
])

const columns: ReadonlySet<string> = new Set(storedFields.map(({ wire }) => wire))
