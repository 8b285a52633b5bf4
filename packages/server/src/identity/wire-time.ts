/** `2026-01-02T03:04:05.000000Z`, as Keystone writes times, cut to seconds. */
export function wireTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}.000000Z`
}

/** `2026-01-02T03:04:05.123456`: microseconds, and no zone, as in application credentials. */
export function wireMoment(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const microseconds = String(Math.round((ms - seconds * 1000) * 1000)).padStart(6, '0')
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${microseconds}`
}

/**
 * Reads a time with or without a fraction of a second and a `Z`, without any other zone (keystone/common/utils.py
 * `parse_expiration_date`).
 * @returns milliseconds since 1970, with the microseconds as a fraction; undefined: not a time
 */
export function readMoment(text: string): number | undefined {
  const [, day = '', time = '', fraction = ''] = momentPattern.exec(text) ?? []
  const ms = Date.parse(`${day}T${time}Z`)
  // A day that the month does not have would become one of the next month.
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(day)) return undefined
  return ms + Number(fraction.slice(0, 6).padEnd(6, '0')) / 1000
}

const momentPattern = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?Z?$/
