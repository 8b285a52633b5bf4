import prettyBytes from 'pretty-bytes'
import type { TableConstructorOptions } from 'cli-table3'
import { cellText } from './cells.js'
import { cellOf, columnTitle } from './columns.js'
import type { Sheet } from './result.js'
import type { Style } from './style.js'
import { oneLine } from './visible.js'

/**
 * For people, even in a pipe: invisible characters are made visible before widths are measured. With borders and
 * readable sizes, cut to the width of a terminal; where that is too narrow, in lines of `label  value`.
 */
export async function renderTable(sheet: Sheet): Promise<string> {
  return sheet.result.kind === 'list' ? renderList(sheet, sheet.result.columns) : renderItem(sheet)
}

async function renderList(sheet: Sheet, defaults: readonly string[]): Promise<string> {
  const { width } = sheet
  const wanted = sheet.columns ?? defaults
  const least = width === undefined ? [] : leastWidths(wanted, sheet)
  const fitting = width === undefined ? wanted.length : countFitting(least, width)
  // Those that were asked for by name are all shown, and one column is no table.
  const isTable = fitting === wanted.length || (!sheet.columns && fitting > 1)
  if (!isTable) return renderBlocks(sheet, wanted, width ?? 0)
  const columns = wanted.slice(0, fitting)
  if (fitting < wanted.length) sheet.onOmitted?.(wanted.slice(fitting))
  // Text is cut only on a terminal.
  const short = sheet.width === undefined ? folded : cut
  const cells = sheet.rows.map((row) =>
    columns.map((column) => paint(column, short(cellForPeople(column, cellOf(row, column))), sheet.style)),
  )
  return draw(
    columns.map((column) => sheet.style.bold(oneLine(columnTitle(column)))),
    cells,
    { width: sheet.width, wrap: false, whole: columns.map((column) => (isId(column) ? Number.POSITIVE_INFINITY : 0)) },
  )
}

/** The widths below which columns are not recognisable, or for an id, not whole. */
function leastWidths(columns: readonly string[], { rows }: Sheet): number[] {
  return columns.map((column) => {
    const widest = rows.reduce((most, row) => Math.max(most, cellForPeople(column, cellOf(row, column)).length), 0)
    const natural = Math.max(widest, columnTitle(column).length) + 2
    return isId(column) ? natural : Math.min(natural, narrowest)
  })
}

/** How many columns a terminal has room for: the last ones are left out rather than all cut to a few letters. */
function countFitting(least: readonly number[], width: number): number {
  const room = (count: number) => least.slice(0, count).reduce((sum, own) => sum + own + 1, 1) <= width
  return least.findLastIndex((_, at) => room(at + 1)) + 1
}

/** Each record in lines of its own, below its id. */
async function renderBlocks({ rows, style }: Sheet, columns: readonly string[], width: number): Promise<string> {
  const { drawBlocks } = await import('./render-blocks.js')
  const head = columns.find(isId) ?? columns[0] ?? ''
  const blocks = rows.map((row) => ({
    head: cellForPeople(head, cellOf(row, head)) || undefined,
    fields: columns
      .filter((column) => column !== head)
      .map((column) => [oneLine(columnTitle(column)), folded(cellForPeople(column, cellOf(row, column)))] as const),
  }))
  const named = new Map(columns.map((column) => [oneLine(columnTitle(column)), column]))
  return drawBlocks(blocks, { width, style, paint: (label, text) => paint(named.get(label) ?? label, text, style) })
}

async function renderItem(sheet: Sheet): Promise<string> {
  const row = sheet.rows[0] ?? {}
  const columns = sheet.columns ?? Object.keys(row)
  const hasId = columns.some((column) => isId(column) && cellText(cellOf(row, column)).length >= wholeId - 2)
  if (sheet.width !== undefined && sheet.width < narrowest + 3 + (hasId ? wholeId : narrowest)) {
    const fields = columns.map(
      (column) => [oneLine(column), folded(withExactBytes(column, cellOf(row, column)))] as const,
    )
    const { drawBlocks } = await import('./render-blocks.js')
    const look = { width: sheet.width, style: sheet.style }
    return drawBlocks([{ fields }], { ...look, paint: (label, text) => paint(label, text, sheet.style) })
  }
  const cells = columns.map((column) => {
    const value = cellOf(row, column)
    return [oneLine(column), paint(column, folded(withExactBytes(column, value)), sheet.style)]
  })
  const whole = [0, columns.some(isId) ? wholeId : 0]
  return draw(['Field', 'Value'].map(sheet.style.bold), cells, { width: sheet.width, wrap: true, whole })
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

/** Ids are copied from tables: they are shown whole, however narrow the terminal. */
function isId(column: string): boolean {
  return /(?:^|_)id$|^owner$/.test(column)
}
/** The width of a column that holds a UUID between its blanks. */
const wholeId = 36 + 2

function paint(column: string, text: string, style: Style): string {
  if (column !== 'status' && column !== 'verdict') return text
  if (['active', 'accepted', 'verified'].includes(text)) return style.green(text)
  if (['killed', 'deleted', 'rejected', 'mismatch'].includes(text)) return style.red(text)
  return style.yellow(text)
}

interface Layout {
  /** That of the terminal; undefined when nothing is to be cut. */
  readonly width: number | undefined
  /** Values are wrapped rather than cut, so that nothing of a single record is lost. */
  readonly wrap: boolean
  /** For each column, the width that it keeps if its cells are that wide. */
  readonly whole: readonly number[]
}

async function draw(head: string[], cells: string[][], { width, wrap, whole }: Layout): Promise<string> {
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
  return drawn({ ...layout, colWidths: fit(widths, width, whole) }, rows)
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

/**
 * Shrinks the widest column until the table fits, but leaves every column wide enough to be recognisable, and some
 * whole. If these alone are too wide, the terminal breaks the lines.
 */
function fit(natural: readonly number[], width: number, whole: readonly number[]): number[] {
  const widths = [...natural]
  const least = natural.map((own, at) => Math.min(own, Math.max(narrowest, whole[at] ?? 0)))
  const excess = () => widths.reduce((sum, column) => sum + column, widths.length + 1) - width
  while (excess() > 0) {
    const spare = widths.map((own, at) => (own > (least[at] ?? 0) ? own : 0))
    const widest = Math.max(...spare)
    if (widest === 0) break
    widths[spare.indexOf(widest)] = widest - 1
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
