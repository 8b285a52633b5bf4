import { UsageError } from '@tyrax/sdk'
import { cellText } from './cells.js'
import { cellOf } from './columns.js'
import type { Sheet } from './result.js'
import { oneLine } from './visible.js'

/**
 * Assignments for `eval`, like `openstack -f shell`: `id="…"`. The fields of a nested record have its name before
 * theirs: `properties_os_distro`. Values come from other users, so that nothing in them is left for a shell to expand.
 * @throws UsageError for a list
 */
export function renderShell({ result, rows, columns, shellPrefix, isTerminal }: Sheet): string {
  const [row = {}] = rows
  if (result.kind === 'list') {
    throw new UsageError('-f shell is for a single record, and these are a list', { hint: 'use -f value -c COLUMN' })
  }
  const fields = columns ? columns.map((column) => [column, cellOf(row, column)] as const) : Object.entries(row)
  return fields
    .flatMap(([name, value]) => assignments(name, value))
    .map(([name, value]) => {
      const text = cellText(value)
      return `${variable(`${shellPrefix}${name}`)}="${escaped(isTerminal ? oneLine(text) : text)}"\n`
    })
    .join('')
}

function assignments(name: string, value: unknown): (readonly [name: string, value: unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[name, value]]
  return Object.entries(value).map(([key, inner]) => [`${name}_${key}`, inner])
}

/** A name that a shell takes: another character becomes `_`. */
const variable = (name: string): string => name.replaceAll(/\W/g, '_').replace(/^(?=\d)/, '_')

const escaped = (text: string): string => text.replaceAll(/[\\"$`]/g, String.raw`\$&`)
