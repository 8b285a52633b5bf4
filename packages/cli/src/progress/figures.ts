import prettyBytes from 'pretty-bytes'
import type { Snapshot } from './transfer.js'

export function sizeText(bytes: number): string {
  return prettyBytes(Math.round(bytes), { binary: true })
}

/** `45s`, `3m 20s`, `2h 05m`, `3d 04h`. */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds)
  const pad = (value: number) => String(value).padStart(2, '0')
  if (whole < 60) return `${whole}s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${pad(whole % 60)}s`
  const hours = Math.floor(whole / 3600)
  if (hours < 48) return `${hours}h ${pad(Math.floor((whole % 3600) / 60))}m`
  return `${Math.floor(hours / 24)}d ${pad(hours % 24)}h`
}

/** The finished part, from 0 to 1; undefined without a total. */
export function partOf({ bytes, total }: Pick<Snapshot, 'bytes' | 'total'>): number | undefined {
  if (total === undefined) return undefined
  return total === 0 ? 1 : bytes / total
}

/** Rounded down: 100 % is all of it. */
export function percentText(snapshot: Pick<Snapshot, 'bytes' | 'total'>): string | undefined {
  const part = partOf(snapshot)
  return part === undefined ? undefined : `${Math.floor(100 * part)} %`
}
