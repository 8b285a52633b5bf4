import { jsonText, oneLine } from '../output/visible.js'
import { durationText, percentText, sizeText } from './figures.js'
import type { Snapshot } from './transfer.js'

/** One line of a log. */
export function plainLine(snapshot: Snapshot): string {
  const { label, state, phase } = snapshot
  const what = state === 'done' ? 'done' : state === 'stopped' ? `stopped in ${phase}` : phase
  return `${oneLine(label)}: ${[what, amounts(snapshot).join(', ')].filter(Boolean).join(' ')}\n`
}

function amounts(snapshot: Snapshot): string[] {
  const { state, bytes, total, bytesPerSecond, etaSeconds, seconds, phaseSeconds, stalledSeconds } = snapshot
  const isRunning = state === 'running'
  const shown = []
  if (bytes > 0 || total !== undefined) {
    shown.push(total === undefined ? sizeText(bytes) : `${sizeText(bytes)} of ${sizeText(total)}`)
    const percent = percentText(snapshot)
    if (percent !== undefined) shown.push(percent)
    if (stalledSeconds !== undefined) shown.push(`stalled for ${durationText(stalledSeconds)}`)
    else if (bytesPerSecond !== undefined) shown.push(`${sizeText(bytesPerSecond)}/s`)
  } else if (isRunning && phaseSeconds >= 1) {
    shown.push(`for ${durationText(phaseSeconds)}`)
  }
  if (etaSeconds !== undefined) shown.push(`${durationText(etaSeconds)} left`)
  if (!isRunning) shown.push(durationText(seconds))
  return shown
}

/** One event for a program that follows the progress. */
export function jsonLine(snapshot: Snapshot): string {
  const { id, label, state, phase, bytes, total, bytesPerSecond, etaSeconds, seconds } = snapshot
  return `${jsonText({
    progress: {
      id,
      label,
      state,
      phase,
      bytes,
      total: total ?? null,
      bytesPerSecond: rounded(bytesPerSecond),
      etaSeconds: rounded(etaSeconds),
      elapsedSeconds: Math.round(seconds * 1000) / 1000,
    },
  })}\n`
}

const rounded = (value: number | undefined): number | null => (value === undefined ? null : Math.round(value))
