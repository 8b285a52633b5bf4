import Table from 'cli-table3'
import prettyBytes from 'pretty-bytes'
import { cellText } from './cell-text.js'
import { cellOf, columnTitle } from './columns.js'
import type { Sheet } from './render.js'
import type { Style } from './style.js'
import { oneLine } from './visible.js'

/** For people, also when it goes into a pipe first: what cannot be seen is shown before widths are measured. Bordered, sizes readable, cut to the terminal's width where there is one. */
export function renderTable(sheet: Sheet): string {
  return sheet.result.kind === 'list' ? renderList(sheet, sheet.result.columns) : renderItem(sheet)
}

function renderList(sheet: Sheet, defaults: readonly string[]): string {
  const columns = sheet.columns ?? defaults
  const cells = sheet.rows.map((row) =>
    columns.map((column) => paint(column, cellForPeople(column, cellOf(row, column)), sheet.style)),
  )
  return draw(
    columns.map((column) => sheet.style.bold(oneLine(columnTitle(column)))),
    cells,
    sheet.width,
    false,
  )
}

function renderItem(sheet: Sheet): string {
  const row = sheet.rows[0] ?? {}
  const columns = sheet.columns ?? Object.keys(row)
  const cells = columns.map((column) => {
    const value = cellOf(row, column)
    return [oneLine(column), paint(column, withExactBytes(column, value), sheet.style)]
  })
  return draw(['Field', 'Value'].map(sheet.style.bold), cells, sheet.width, true)
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

/** `wrap`: values are broken over lines rather than cut, so that nothing of a single record is lost. */
function draw(head: string[], rows: string[][], width: number | undefined, wrap: boolean): string {
  const layout = {
    head,
    wordWrap: wrap,
    wrapOnWordBoundary: false,
    style: { head: [], border: [], compact: true },
    chars: ascii,
  }
  const natural = drawn(layout, rows)
  const border = natural.slice(0, natural.indexOf('\n'))
  if (width === undefined || border.length <= width) return natural
  const widths = border
    .split('+')
    .slice(1, -1)
    .map((dashes) => dashes.length)
  return drawn({ ...layout, colWidths: fit(widths, width) }, rows)
}

function drawn(layout: ConstructorParameters<typeof Table>[0], rows: string[][]): string {
  const table = new Table(layout)
  table.push(...rows)
  return `${table.toString()}\n`
}

/** Takes from the widest column until the table fits, but leaves every column enough to be recognised by. */
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

const ascii = {
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
