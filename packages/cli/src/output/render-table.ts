import prettyBytes from 'pretty-bytes'
import type { TableConstructorOptions } from 'cli-table3'
import { cellText } from './cells.js'
import { cellOf, columnTitle } from './columns.js'
import type { Sheet } from './result.js'
import type { Style } from './style.js'
import { oneLine } from './visible.js'

/**
 * For people, even in a pipe: invisible characters are made visible before widths are measured. With borders and
 * readable sizes, cut to the width of a terminal.
 */
export async function renderTable(sheet: Sheet): Promise<string> {
  return sheet.result.kind === 'list' ? renderList(sheet, sheet.result.columns) : renderItem(sheet)
}

function renderList(sheet: Sheet, defaults: readonly string[]): Promise<string> {
  const columns = sheet.columns ?? defaults
  // Text is cut only on a terminal.
  const short = sheet.width === undefined ? folded : cut
  const cells = sheet.rows.map((row) =>
    columns.map((column) => paint(column, short(cellForPeople(column, cellOf(row, column))), sheet.style)),
  )
  return draw(
    columns.map((column) => sheet.style.bold(oneLine(columnTitle(column)))),
    cells,
    sheet.width,
    false,
  )
}

function renderItem(sheet: Sheet): Promise<string> {
  const row = sheet.rows[0] ?? {}
  const columns = sheet.columns ?? Object.keys(row)
  const cells = columns.map((column) => {
    const value = cellOf(row, column)
    return [oneLine(column), paint(column, folded(withExactBytes(column, value)), sheet.style)]
  })
  return draw(['Field', 'Value'].map(sheet.style.bold), cells, sheet.width, true)
}

/** cli-table3 takes time proportional to the square of a cell's length, and again to its number of lines. */
const longestLine = 255
const longestCell = 16 * 1024

const cut = (text: string): string => (text.length > longestLine ? `${text.slice(0, longestLine)}…` : text)

/** All of a single record, in lines that can be drawn; only the beginning of text that is too long to read. */
function folded(text: string): string {
  if (text.length <= longestLine) return text
  const more = text.length - longestCell
  const shown = text.slice(0, longestCell).replaceAll(/[^\n]{255}(?=[^\n])/gu, '$&\n')
  return more > 0 ? `${shown}\n… (${more} more characters; -f json shows all)` : shown
}

function cellForPeople(column: string, value: unknown): string {
  if (isSize(column) && typeof value === 'number') return prettyBytes(value, { binary: true })
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value)
      .map(([key, item]) => oneLine(`${key}=${cellText(item)}`))
      .join('\n')
  }
  return oneLine(cellText(value))
}

function withExactBytes(column: string, value: unknown): string {
  const text = cellForPeople(column, value)
  return isSize(column) && typeof value === 'number' && value >= 1024 ? `${value} (${text})` : text
}

function isSize(column: string): boolean {
  return column === 'size' || column === 'virtual_size' || column === 'bytes'
}

function paint(column: string, text: string, style: Style): string {
  if (column !== 'status' && column !== 'verdict') return text
  if (['active', 'accepted', 'verified'].includes(text)) return style.green(text)
  if (['killed', 'deleted', 'rejected', 'mismatch'].includes(text)) return style.red(text)
  return style.yellow(text)
}

/** `wrap`: values are wrapped rather than cut, so that nothing of a single record is lost. */
async function draw(head: string[], cells: string[][], width: number | undefined, wrap: boolean): Promise<string> {
  const rows = cells.flatMap(linesOf)
  const layout = {
    head,
    wordWrap: wrap,
    wrapOnWordBoundary: false,
    style: { head: [], border: [], compact: true },
    chars: ascii,
  }
  const natural = drawPlain(head, rows) ?? (await drawn(layout, rows))
  const border = natural.slice(0, natural.indexOf('\n'))
  if (width === undefined || border.length <= width) return natural
  const widths = border
    .split('+')
    .slice(1, -1)
    .map((dashes) => dashes.length)
  return drawn({ ...layout, colWidths: fit(widths, width) }, rows)
}

async function drawn(layout: TableConstructorOptions, rows: string[][]): Promise<string> {
  const { default: Table } = await import('cli-table3')
  const table = new Table(layout)
  for (const row of rows) table.push(row)
  return `${table.toString()}\n`
}

/** One row for each line of its cells, since no border is drawn between rows. */
function linesOf(row: readonly string[]): string[][] {
  const cells = row.map((cell) => cell.split('\n'))
  const height = Math.max(...cells.map((lines) => lines.length))
  return Array.from({ length: height }, (_, index) => cells.map((lines) => lines[index] ?? ''))
}

/** Shrinks the widest column until the table fits, but leaves every column wide enough to be recognisable. */
function fit(natural: readonly number[], width: number): number[] {
  const widths = [...natural]
  const excess = () => widths.reduce((sum, column) => sum + column, widths.length + 1) - width
  while (excess() > 0) {
    const widest = widths.indexOf(Math.max(...widths))
    const current = widths[widest] ?? 0
    if (current <= narrowest) break
    widths[widest] = current - 1
  }
  return widths
}
const narrowest = 10

/** @internal The borders, as cli-table3 names them. */
export const ascii = {
  top: '-',
  'top-mid': '+',
  'top-left': '+',
  'top-right': '+',
  bottom: '-',
  'bottom-mid': '+',
  'bottom-left': '+',
  'bottom-right': '+',
  left: '|',
  'left-mid': '+',
  mid: '-',
  'mid-mid': '+',
  right: '|',
  'right-mid': '+',
  middle: '|',
}

/**
 * Draws an ASCII table of any width exactly as cli-table3 does: most tables are of this kind, and for a few rows
 * loading that package takes longer than the rest of a command.
 * @returns undefined for any other table
 */
export function drawPlain(head: readonly string[], rows: readonly (readonly string[])[]): string | undefined {
  const all = [head, ...rows]
  if (head.length === 0 || !all.every((row) => row.every(isPlain))) return undefined
  const widths = head.map((_, column) => all.reduce((widest, row) => Math.max(widest, widthOf(row[column] ?? '')), 0))
  const border = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+`
  const [first = '', ...rest] = all.map(
    (row) => `|${widths.map((width, column) => padded(row[column] ?? '', width)).join('|')}|`,
  )
  const body = rest.length > 0 ? [border, ...rest] : []
  return [border, first, ...body, border, ''].join('\n')
}

// oxlint-disable-next-line no-control-regex
const styles = /\u001B\[\d+m/g
const withoutStyles = (text: string) => (text.includes('\u001B') ? text.replaceAll(styles, '') : text)
const isPlain = (text: string) => /^[\x20-\x7E]*$/.test(withoutStyles(text))
const widthOf = (text: string) => withoutStyles(text).length
const padded = (text: string, width: number) => ` ${text}${' '.repeat(width - widthOf(text))} `
