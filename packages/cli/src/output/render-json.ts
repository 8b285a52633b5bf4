import { cellOf } from './columns.js'
import type { Row, Sheet } from './result.js'
import { jsonText } from './visible.js'

/** One document: an array for a list, `[]` when it is empty, an object for one record. */
export function renderJson(sheet: Sheet): string {
  const rows = sheet.rows.map((row) => pick(row, sheet.columns))
  return `${jsonText(sheet.result.kind === 'list' ? rows : rows[0], 2)}\n`
}

/** One record a line. */
export function renderJsonLines(sheet: Sheet): string {
  return sheet.rows.map((row) => `${jsonText(pick(row, sheet.columns))}\n`).join('')
}

/** The record with only the chosen columns, or whole. */
export function pick(row: Row, columns: readonly string[] | undefined): Row {
  if (columns === undefined) return row
  return Object.fromEntries(columns.map((column) => [column, cellOf(row, column) ?? null]))
}
