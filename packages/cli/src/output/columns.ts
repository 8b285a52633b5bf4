import { UsageError } from '@tyrax/sdk'
import { nearest } from '../nearest.js'
import type { Row } from './result.js'

/** What JSON can hold; `time` is a string, `strings` an array of them, `texts` an object of them. */
export type ColumnKind =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'null'
  | 'object'
  | 'array'
  | 'any'
  | 'time'
  | 'strings'
  | 'texts'

/** What a column holds in JSON: one of these. */
export type ColumnType = readonly ColumnKind[]

/** The fields of a command's records, known before it runs. */
export interface Columns {
  /** All names, including those that only some records have. */
  readonly names: readonly string[]
  /**
   * Whether custom properties of an image are columns too. `read`: any that the images turn out to have; `known`: for
   * commands that change something, only those that are known beforehand.
   */
  readonly properties?: 'read' | 'known'
  /** Whether every record of an image has its fields. @default true */
  readonly isWhole?: boolean
  /** What columns hold that do not hold the same in all records; the others are in `column-types.ts`. */
  readonly types?: Readonly<Record<string, ColumnType>>
}

/** For a command that prints no records. */
export const noColumns: Columns = { names: [] }

/** `Disk Format`, `disk-format` and `DISK_FORMAT` all mean `disk_format`; properties keep their own spelling. */
function normaliseColumn(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
}

/** The title of a column in a table: `os_hash_algo` is `OS Hash Algo`. */
export function columnTitle(name: string): string {
  return name
    .split('_')
    .map((word) => (upperCaseWords.has(word) ? word.toUpperCase() : word.slice(0, 1).toUpperCase() + word.slice(1)))
    .join(' ')
}
const upperCaseWords = new Set(['id', 'os', 'url', 'md5', 'ram'])

/** A cell: a field of the record, or one of its custom properties. */
export function cellOf(row: Row, column: string): unknown {
  return keyOf(row, column)?.value
}

/**
 * Refuses unknown columns before a command does anything.
 * @param given custom properties that the command line sets
 * @throws UsageError for a name that no record of the command can have
 */
export function checkColumns(columns: Columns, chosen: readonly string[], given: readonly string[] = []): void {
  if (columns.names.length === 0) return
  const known = new Set(columns.names)
  for (const column of chosen) {
    const name = normaliseColumn(column)
    if (known.has(name)) continue
    if (columns.properties && (isProperty(column) || given.includes(column))) continue
    const meant = nearest(name, columns.names)
    if (columns.properties === 'read' && meant === undefined) continue
    throw unknownColumn(column, columns, meant)
  }
}

/** @throws UsageError when records have neither id nor name, before a command does anything */
export function checkIds({ names }: Columns): void {
  if (names.length === 0 || names.includes('id') || names.includes('name')) return
  throw new UsageError('These records have no id', { hint: 'use -f value -c COLUMN' })
}

function unknownColumn(column: string, columns: Columns, meant: string | undefined): UsageError {
  const hints = [
    ...(meant === undefined ? [] : [`did you mean ${meant}?`]),
    `the columns are ${columns.names.join(', ')}`,
    ...(columns.properties ? [`for a custom property use -c ${prefix}NAME`] : []),
  ]
  return new UsageError(`There is no column ${JSON.stringify(column)}`, { hint: hints.join('; ') })
}

const prefix = 'properties.'

/** Whether it is a custom property by its full name, or one of the names that Glance documents for all images. */
function isProperty(column: string): boolean {
  return (
    (column.startsWith(prefix) && column.length > prefix.length) ||
    /^(?:os_(?!hash|hidden)|hw_|img_|vmware_|cinder_|instance_|owner_specified\.|trait:|stores?$|direct_url$|locations$)/.test(
      column,
    ) ||
    /^(?:architecture|description|hypervisor_type|kernel_id|ramdisk_id|vm_mode)$/.test(column)
  )
}

/**
 * The columns to print, in the requested order, under the names that they have in the records.
 * @throws UsageError for a name that could be a custom property but occurs in none of these records
 */
export function chooseColumns(rows: readonly Row[], chosen: readonly string[], columns: Columns): readonly string[] {
  const declared = new Set(columns.names)
  return chosen.map((column) => {
    const named = rows.map((row) => keyOf(row, column)?.name).find((name) => name !== undefined)
    if (named !== undefined) return named
    const name = normaliseColumn(column)
    if (declared.has(name)) return name
    if (rows.length === 0 || columns.properties === 'known' || isProperty(column)) return column
    throw unknownColumn(column, columns, undefined)
  })
}

function keyOf(row: Row, column: string): { name: string; value: unknown } | undefined {
  const wanted = normaliseColumn(column)
  if (Object.hasOwn(row, wanted)) return { name: wanted, value: row[wanted] }
  const properties = row['properties']
  if (typeof properties !== 'object' || properties === null) return undefined
  if (Object.hasOwn(properties, column)) return { name: column, value: (properties as Row)[column] }
  if (column.startsWith(prefix)) {
    const key = column.slice(prefix.length)
    return Object.hasOwn(properties, key) ? { name: column, value: (properties as Row)[key] } : undefined
  }
  const name = Object.keys(properties).find((key) => normaliseColumn(key) === wanted)
  return name === undefined ? undefined : { name, value: (properties as Row)[name] }
}
