import { operatorFilters, timeFilters } from '@tyrax/protocol'
import { invalid } from '../../errors.js'
import { storedFields } from '../image-record.js'
import { parseIsoTime } from '../wire-time.js'
import { splitOperator, splitQuoted } from './filter-value.js'
import { isInSet, type ImageSet } from './image-set.js'
import {
  equalTo,
  inSet,
  ownedBy,
  tagged,
  withProperty,
  type Bound,
  type CountedSet,
  type Fragment,
  type Hidden,
  type IndexedImage,
  type Source,
} from './sources.js'

/** A condition of a WHERE clause over `images i`, and how the images that meet it can be found. */
export interface Condition extends Fragment {
  /** Sources that together have each of these images exactly once. */
  readonly sources?: ((hidden: Hidden) => readonly Source[] | undefined) | undefined
  /**
   * The condition for a row of any index, checked in an index in order of creation: for one row after the other, it is
   * found where it was found before, and an image that does not meet it need not be read. Undefined if the index has not
   * what it takes.
   */
  readonly inIndex?: (row: IndexedImage, hidden: Hidden) => Fragment | undefined
  /** The same condition, or one that takes less to check, from which of its sources have no rows. */
  readonly refine?: (isEmpty: (source: Source) => boolean, hidden: Hidden) => Condition
  /** Of what a caller may see: whether that leaves out most images. */
  readonly isNarrow?: boolean
  /** The set of these images, which is in memory. */
  readonly set?: ImageSet
  /** The column that the sources have one value of each. */
  readonly column?: string
  /** The texts that the column may have. */
  readonly oneOf?: readonly string[]
  /** A range of a column; several of one column are one range. */
  readonly bound?: Bound & { readonly column: string }
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
  if (columns.has(key)) return equalCondition(key, value)
  return {
    sql: 'EXISTS (SELECT 1 FROM image_properties p WHERE p.image_id = i.id AND p.name = ? AND p.value = ?)',
    values: [key, value],
    sources: (hidden) => [withProperty(key, value, hidden)],
    inIndex: (row, hidden) => ({
      sql: `EXISTS (SELECT 1 FROM image_properties x INDEXED BY image_properties_by_value WHERE x.name = ? AND
        x.value = ? AND x.image_hidden = ? AND x.image_created_at = ${row.createdAt} AND x.image_id = ${row.id})`,
      values: [key, value, hidden],
    }),
  }
}

/** The condition that an image has a tag. */
export function tagCondition(tag: string): Condition {
  return {
    sql: 'EXISTS (SELECT 1 FROM image_tags t WHERE t.image_id = i.id AND t.value = ?)',
    values: [tag],
    sources: (hidden) => [tagged(tag, hidden)],
    inIndex: (row, hidden) => ({
      sql: `EXISTS (SELECT 1 FROM image_tags x INDEXED BY image_tags_by_value WHERE x.value = ? AND
        x.image_hidden = ? AND x.image_created_at = ${row.createdAt} AND x.image_id = ${row.id})`,
      values: [tag, hidden],
    }),
  }
}

/** The condition that an image is in a set. */
export function setCondition(counted: CountedSet, isInOrder: boolean): Condition {
  return {
    ...isInSet(counted.set, 'i.number'),
    set: counted.set,
    isNarrow: true,
    inIndex: ({ number }) => isInSet(counted.set, number),
    sources: (hidden) => [inSet(counted, hidden, isInOrder)],
  }
}

function equalCondition(column: string, value: string): Condition {
  return {
    sql: `i.${column} = ?`,
    values: [value],
    column,
    ...(texts.has(column) && { oneOf: [value] }),
    sources: (hidden) => anyOf(column, [value], hidden),
    ...(column === 'owner' && {
      inIndex: ({ access }) => access && { sql: `${access.owner} = ?`, values: [value] },
    }),
  }
}

function rangeCondition(key: string, value: string): Condition {
  const column = key.slice(0, -4)
  if (!/^\s*[-+]?\d+\s*$/.test(value)) throw invalid('Unable to filter on a range with a non-numeric value.')
  // Glance does not check that the column exists, and responds with 500 if it does not.
  if (!columns.has(column)) throw invalid(`Unable to filter on a range of ${column}.`)
  return boundCondition(column, key.endsWith('_min') ? '>=' : '<=', Number(value))
}

function timeCondition(key: string, value: string): Condition {
  const { operator, operand } = splitOperator(value)
  const time = parseIsoTime(operand)
  if (time === undefined) throw invalid(`Bad "${key}" query filter format. Use ISO 8601 DateTime notation.`)
  if (operator === 'neq') return { sql: `i.${key} <> ?`, values: [time] }
  const comparison = comparisons.get(operator)
  if (comparison === undefined) throw invalid('Unable to filter on a unknown operator.')
  return boundCondition(key, comparison, time)
}

function boundCondition(column: string, operator: Bound['operator'], value: number): Condition {
  return {
    sql: `i.${column} ${operator} ?`,
    values: [value],
    bound: { column, operator, value },
  }
}

function operatorCondition(key: string, value: string): Condition {
  const { operator, operand } = splitOperator(value)
  if (operator === 'eq') return equalCondition(key, operand)
  if (operator !== 'in') throw invalid(`Unable to filter by unknown operator '${operator}'.`)
  const wanted = [...new Set(splitQuoted(operand))]
  if (wanted.length === 0) return { sql: '0', values: [], sources: () => [] }
  // One parameter for any number of values, so that the statement's text stays the same and its preparation is reused.
  return {
    sql: `i.${key} IN (SELECT value FROM json_each(?))`,
    values: [JSON.stringify(wanted)],
    column: key,
    oneOf: wanted,
    sources: (hidden) => anyOf(key, wanted, hidden),
  }
}

function anyOf(column: string, values: readonly string[], hidden: Hidden): Source[] | undefined {
  if (column === 'owner') return values.flatMap((value) => ownedBy(value, undefined, hidden))
  const sources = values.flatMap((value) => equalTo(column, value, hidden) ?? [])
  return sources.length === values.length ? sources : undefined
}

const comparisons: ReadonlyMap<string, Bound['operator']> = new Map([
  ['gt', '>'],
  ['gte', '>='],
  ['lt', '<'],
  ['lte', '<='],
  ['eq', '='],
] as const)

const texts: ReadonlySet<string> = new Set(operatorFilters)

const columns: ReadonlySet<string> = new Set(storedFields.map(({ wire }) => wire))
