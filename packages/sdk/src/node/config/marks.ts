import { TyraxError } from '../../errors/tyrax-error.js'
import { describeOrigin, type Setting } from '../../config/values.js'

/**
 * Characters around values that are probably a mistake: quotes that no shell removed, Windows line ends, spaces. The
 * values themselves may be secrets and are not shown.
 */
export function marksOf(settings: Iterable<Setting>): string[] {
  const marks: string[] = []
  for (const { value, origin } of settings) {
    if (typeof value !== 'string' || origin.kind === 'default') continue
    const what = markOf(value)
    if (what !== undefined) marks.push(`${describeOrigin(origin)} ${what}`)
  }
  return marks
}

/** Adds them to the hint of an error that occurred with these values, as a possible cause. */
export function withMarks(error: unknown, settings: Iterable<Setting>): unknown {
  const marks = error instanceof TyraxError ? marksOf(settings) : []
  if (error instanceof TyraxError && marks.length > 0) {
    error.hint = [...marks, ...(error.hint === undefined ? [] : [error.hint])].join('; ')
  }
  return error
}

function markOf(value: string): string | undefined {
  // The text of a certificate ends with a newline.
  if (value.includes('-----BEGIN ')) return undefined
  if (/^(["'])[^]*\1\s*$/.test(value) && value.length > 1) {
    return 'has quotes around it, which count as part of the value: docker --env-file and the like keep them'
  }
  if (/^["']|["']\s*$/.test(value)) return 'has a quote at one end, which counts as part of the value'
  if (value.endsWith('\r')) {
    return 'ends with a carriage return, which counts as part of the value: the file has Windows line endings'
  }
  if (/[\n\r]/.test(value)) return 'has a line break in it, which counts as part of the value'
  if (/[\u00a0\u200b\ufeff]/.test(value))
    return 'has a non-breaking or invisible space in it, as text copied from web pages does'
  return value.trim() === value ? undefined : 'has spaces around it, which count as part of the value'
}
