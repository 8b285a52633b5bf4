import { UsageError } from '@tyrax/sdk'
import type { Row } from './result.js'

/** `Disk Format`, `disk-format` and `DISK_FORMAT` all mean `disk_format`; properties keep their own spelling. */
function normaliseColumn(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
}

/** What a table calls a column: `os_hash_algo` is `OS Hash Algo`. */
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
 * The columns to print, in the order asked for, under the names the records have for them.
 * @throws UsageError when no record has such a column
 */
export function chooseColumns(rows: readonly Row[], chosen: readonly string[]): readonly string[] {
  return chosen.map((column) => {
    const named = rows.map((row) => keyOf(row, column)?.name).find((name) => name !== undefined)
    if (named !== undefined) return named
    if (rows.length === 0) return normaliseColumn(column)
    const known = [...new Set(rows.flatMap((row) => Object.keys(row)))]
    throw new UsageError(`There is no column ${JSON.stringify(column)}`, { hint: `there are ${known.join(', ')}` })
  })
}

function keyOf(row: Row, column: string): { name: string; value: unknown } | undefined {
  const wanted = normaliseColumn(column)
  if (Object.hasOwn(row, wanted)) return { name: wanted, value: row[wanted] }
  const properties = row['properties']
  if (typeof properties !== 'object' || properties === null) return undefined
  const name = Object.hasOwn(properties, column)
    ? column
    : Object.keys(properties).find((key) => normaliseColumn(key) === wanted)
  return name === undefined ? undefined : { name, value: (properties as Row)[name] }
}
