import { UsageError } from '@tyrax/sdk'
import { cellText } from './cells.js'
import { cellOf } from './columns.js'
import type { Row, Sheet } from './result.js'
import { jsonText, oneLine, withoutLineBreaks } from './visible.js'

/** One document: an array for a list, `[]` when it is empty, an object for one record. */
export function renderJson(sheet: Sheet): string {
  const rows = sheet.rows.map((row) => pick(row, sheet.columns))
  return `${jsonText(sheet.result.kind === 'list' ? rows : rows[0], sheet.isCompact ? undefined : 2)}\n`
}

/** One record per line. */
export function renderJsonLines(sheet: Sheet): string {
  return sheet.rows.map((row) => `${jsonText(pick(row, sheet.columns))}\n`).join('')
}

/** The record with only the chosen columns, or all of it. */
export function pick(row: Row, columns: readonly string[] | undefined): Row {
  if (columns === undefined) return row
  return Object.fromEntries(columns.map((column) => [column, cellOf(row, column) ?? null]))
}

/**
 * RFC 4180 with a header line; lines end with a bare newline, as scripts expect. A cell with line breaks is quoted; on
 * a terminal they are shown as escapes.
 */
export function renderCsv(sheet: Sheet): string {
  const columns = columnsOf(sheet)
  const shown = sheet.isTerminal ? oneLine : (text: string) => text
  const lines = [columns, ...sheet.rows.map((row) => columns.map((column) => cellOf(row, column)))]
  return lines.map((cells) => `${cells.map((cell) => quoted(sheet, cell, shown(cellText(cell)))).join(',')}\n`).join('')
}

/**
 * Bare values: one per line for a single record, one record per line for a list, separated by spaces. Like
 * `openstack -f value`. A line break within a value is written as `\n`, so that it cannot be mistaken for another
 * value.
 */
export function renderValue(sheet: Sheet): string {
  const columns = columnsOf(sheet)
  const text = (row: Row) => columns.map((column) => onOneLine(sheet, cellText(cellOf(row, column))))
  const separator = sheet.result.kind === 'list' ? ' ' : '\n'
  return sheet.rows.map((row) => `${text(row).join(separator)}\n`).join('')
}

/** Only ids, one per line: the input for the next command of a pipe. */
export function renderId(sheet: Sheet): string {
  return sheet.rows
    .map((row) => {
      const id = row['id'] ?? row['name']
      if (id === undefined) throw new UsageError('These records have no id', { hint: 'use -f value -c COLUMN' })
      return `${onOneLine(sheet, cellText(id))}\n`
    })
    .join('')
}

function onOneLine({ isTerminal }: Sheet, text: string): string {
  return isTerminal ? oneLine(text) : withoutLineBreaks(text)
}

function columnsOf({ result, columns, rows }: Sheet): readonly string[] {
  if (columns) return columns
  return result.kind === 'list' ? result.columns : Object.keys(rows[0] ?? {})
}

function quoted({ quote }: Sheet, value: unknown, text: string): string {
  const isQuoted =
    quote === 'all' || (quote === 'nonnumeric' ? typeof value !== 'number' : quote !== 'none' && /[",\r\n]/.test(text))
  return isQuoted ? `"${text.replaceAll('"', '""')}"` : text
}
