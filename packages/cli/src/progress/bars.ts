import stringWidth from 'string-width'
import type { FooterLine } from '../output/footer.js'
import type { Style } from '../output/style.js'
import { oneLine } from '../output/visible.js'
import { durationText, partOf, percentText, sizeText } from './figures.js'
import type { Snapshot } from './transfer.js'

/** What fits is chosen from these, the first being the widest. `label`: the columns that it gets at least, if it needs them. */
interface Layout {
  readonly bar: number
  readonly label: number
  readonly columns: readonly (keyof typeof columns)[]
}

const layouts: readonly Layout[] = [
  { bar: 30, label: 24, columns: ['phase', 'percent', 'bytes', 'total', 'rate', 'time'] },
  { bar: 20, label: 24, columns: ['phase', 'percent', 'bytes', 'total', 'rate', 'time'] },
  { bar: 10, label: 16, columns: ['phase', 'percent', 'bytes', 'total', 'rate', 'time'] },
  { bar: 10, label: 12, columns: ['phase', 'percent', 'bytes', 'rate', 'time'] },
  { bar: 0, label: 12, columns: ['phase', 'percent', 'bytes', 'rate', 'time'] },
  { bar: 0, label: 12, columns: ['phase', 'percent', 'rate', 'time'] },
  { bar: 0, label: 8, columns: ['phase', 'amount', 'time'] },
  { bar: 0, label: 6, columns: ['amount', 'time'] },
  { bar: 0, label: 0, columns: ['amount'] },
]

/** The figures of a transfer, each in a column of its own: their widths stay the same while the figures change. */
const columns = {
  phase: { min: 8, isRight: false, of: ({ phase }: Snapshot) => phase },
  percent: { min: 5, isRight: true, of: (snapshot: Snapshot) => percentText(snapshot) ?? '' },
  bytes: { min: 8, isRight: true, of: bytesText },
  total: { min: 0, isRight: false, of: ({ total }: Snapshot) => (total === undefined ? '' : `of ${sizeText(total)}`) },
  rate: { min: 10, isRight: true, of: rateText },
  time: { min: 8, isRight: false, of: timeText },
  /** Of a narrow terminal: what is done, in the shortest form that is known. */
  amount: { min: 5, isRight: true, of: (snapshot: Snapshot) => percentText(snapshot) ?? bytesText(snapshot) },
} as const

function bytesText({ bytes, total }: Snapshot): string {
  return bytes === 0 && total === undefined ? '' : sizeText(bytes)
}

function rateText({ bytes, bytesPerSecond }: Snapshot): string {
  return bytes === 0 || bytesPerSecond === undefined ? '' : `${sizeText(bytesPerSecond)}/s`
}

/** What is left; if that is unknown, how long it has taken; and that it stalls. */
function timeText({ bytes, total, etaSeconds, phaseSeconds, stalledSeconds }: Snapshot): string {
  if (stalledSeconds !== undefined) return `stalled ${durationText(stalledSeconds)}`
  if (etaSeconds !== undefined) return `${durationText(etaSeconds)} left`
  return bytes === 0 || total === undefined ? durationText(phaseSeconds) : ''
}

/** One line for each transfer, in columns, which fit in a terminal of this width. */
export function barLines(snapshots: readonly Snapshot[], width: number, style: Style): FooterLine[] {
  // A terminal wraps after its last column.
  const room = width - 1
  const labels = snapshots.map(({ label }) => oneLine(label))
  const widest = Math.max(...labels.map((label) => stringWidth(label)))
  for (const layout of layouts) {
    const { rows, used } = figures(snapshots, layout)
    if (used + 2 + Math.min(widest, layout.label) > room && layout !== layouts.at(-1)) continue
    const space = Math.min(widest, room - used - 2)
    return snapshots.map((_, at) => line(labels[at] ?? '', space, rows[at] ?? '', room, style))
  }
  return []
}

/**
 * Everything but the labels. All of it is ASCII, so that its length is its width.
 * @returns the rows, and the columns that they may need in the next moment too, so that the layout stays the same
 */
function figures(
  snapshots: readonly Snapshot[],
  { bar, columns: names }: Layout,
): { readonly rows: readonly string[]; readonly used: number } {
  const hasTotal = snapshots.some(({ total }) => total !== undefined)
  const shown = names.map((name) => {
    const { min, isRight, of } = columns[name]
    const cells = snapshots.map(of)
    const width = Math.max(...cells.map((cell) => cell.length))
    if (width === 0 && !(hasTotal && min > 0)) return undefined
    return cells.map((cell) => (isRight ? cell.padStart(Math.max(min, width)) : cell.padEnd(Math.max(min, width))))
  })
  const rows = snapshots.map((snapshot, at) => {
    const cells = shown.flatMap((column) => column?.[at] ?? [])
    return [...(bar > 0 && hasTotal ? [drawBar(snapshot, bar)] : []), ...cells].join('  ')
  })
  return { rows: rows.map((row) => row.trimEnd()), used: Math.max(...rows.map((row) => row.length)) }
}

function drawBar(snapshot: Snapshot, cells: number): string {
  const part = partOf(snapshot)
  if (part === undefined) return ' '.repeat(cells + 2)
  const full = Math.floor(part * cells)
  return `[${'#'.repeat(full)}${'-'.repeat(cells - full)}]`
}

function line(label: string, space: number, text: string, room: number, style: Style): FooterLine {
  if (space < 1) {
    const cut = text.trimStart().slice(0, Math.max(0, room))
    return { text: cut, width: cut.length }
  }
  const shown = cutTo(label, space)
  const padding = ' '.repeat(space - stringWidth(shown) + 2)
  const [, bar = '', rest = ''] = /^(\[[#-]+\])?(.*)$/.exec(text) ?? []
  return { text: `${style.bold(shown)}${padding}${style.green(bar)}${rest}`, width: space + 2 + text.length }
}

/** Cut between characters as people see them, to a number of columns. */
export function cutTo(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let shown = ''
  let used = 0
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    used += stringWidth(segment)
    if (used > width - 1) break
    shown += segment
  }
  return `${shown}…`
}
