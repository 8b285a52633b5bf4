import prettyBytes from 'pretty-bytes'
import type { Style } from '../output/style.js'
import { jsonText, oneLine } from '../output/visible.js'

/** What is known about a transfer at one moment. */
export interface Snapshot {
  readonly label: string
  readonly phase: string
  readonly bytes: number
  readonly total?: number | undefined
  readonly bytesPerSecond: number | undefined
  /** Since the transfer began. */
  readonly seconds: number
  readonly isDone: boolean
}

/** One line of a log. */
export function plainLine(snapshot: Snapshot): string {
  return `${oneLine(snapshot.label)}: ${snapshot.isDone ? 'done' : snapshot.phase} ${amounts(snapshot).join(', ')}\n`
}

/** One event for a program that follows the progress. */
export function jsonLine(snapshot: Snapshot): string {
  const { label, phase, bytes, total, bytesPerSecond, isDone } = snapshot
  const eta = etaSeconds(snapshot)
  return `${jsonText({
    progress: {
      label,
      phase,
      bytes,
      total: total ?? null,
      bytesPerSecond: bytesPerSecond === undefined ? null : Math.round(bytesPerSecond),
      etaSeconds: eta === undefined ? null : Math.round(eta),
      done: isDone,
    },
  })}\n`
}

/** A bar that fits in `width` columns: the bar is shortened first, then the label is cut; figures are cut last. */
export function barLine(snapshot: Snapshot, width: number, style: Style): string {
  const figures = [snapshot.phase, ...amounts(snapshot)].join('  ')
  const label = oneLine(snapshot.label)
  const { bytes, total } = snapshot
  const part = total ? Math.min(1, bytes / total) : undefined
  const room = width - 1 - figures.length
  const cells =
    part === undefined ? undefined : [20, 10].find((cells) => cells + 4 + Math.min(label.length, 16) + 2 <= room)
  const bar = part === undefined || cells === undefined ? '' : `[${drawBar(part, cells)}]  `
  const space = room - bar.length - 2
  if (space < 6) return figures.slice(0, Math.max(0, width - 1))
  const shown = label.length > space ? `${label.slice(0, space - 1)}…` : label
  return `${style.bold(shown)}  ${style.green(bar)}${figures}`
}

function drawBar(part: number, cells: number): string {
  const full = Math.floor(part * cells)
  return '#'.repeat(full) + '-'.repeat(cells - full)
}

function amounts(snapshot: Snapshot): string[] {
  const { bytes, total, bytesPerSecond } = snapshot
  const shown = [total === undefined ? size(bytes) : `${size(bytes)} of ${size(total)}`]
  if (total) shown.push(`${Math.floor((100 * bytes) / total)} %`)
  if (bytesPerSecond !== undefined) shown.push(`${size(Math.round(bytesPerSecond))}/s`)
  const eta = snapshot.isDone ? undefined : etaSeconds(snapshot)
  if (eta !== undefined) shown.push(`${durationText(eta)} left`)
  if (snapshot.isDone) shown.push(durationText(snapshot.seconds))
  return shown
}

function etaSeconds({ bytes, total, bytesPerSecond }: Snapshot): number | undefined {
  if (total === undefined || !bytesPerSecond) return undefined
  return Math.max(0, total - bytes) / bytesPerSecond
}

function size(bytes: number): string {
  return prettyBytes(bytes, { binary: true })
}

/** `45s`, `3m 20s`, `2h 05m`. */
function durationText(seconds: number): string {
  const whole = Math.round(seconds)
  const pad = (value: number) => String(value).padStart(2, '0')
  if (whole < 60) return `${whole}s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${pad(whole % 60)}s`
  return `${Math.floor(whole / 3600)}h ${pad(Math.floor((whole % 3600) / 60))}m`
}
