/** Formats microseconds since 1970 as Glance does: `2015-11-29T22:21:42Z` (glance/common/timeutils.py `isotime`). */
export function wireTime(microseconds: number): string {
  return `${new Date(microseconds / 1000).toISOString().slice(0, 19)}Z`
}

/**
 * Parses an ISO 8601 time into microseconds since 1970; undefined if it is none. Accepts what Glance's parser accepts:
 * a date of any precision from the year on, optionally a time, a fraction and an offset; without an offset it is UTC.
 */
export function parseIsoTime(text: string): number | undefined {
  const match = isoTime.exec(text)
  if (match?.groups === undefined) return undefined
  const {
    year,
    month = '01',
    day = '01',
    hour = '00',
    minute = '00',
    second = '00',
    fraction = '',
    zone,
  } = match.groups
  const parts = [year, month, day, hour, minute, second].map(Number) as [number, number, number, number, number, number]
  const date = new Date(0)
  date.setUTCFullYear(parts[0], parts[1] - 1, parts[2])
  date.setUTCHours(parts[3], parts[4], parts[5], 0)
  const sameDay = date.getUTCMonth() === parts[1] - 1 && date.getUTCDate() === parts[2]
  if (!sameDay || parts[3] > 23 || parts[4] > 59 || parts[5] > 59) return undefined
  const microseconds = Number(fraction.padEnd(6, '0').slice(0, 6))
  return date.getTime() * 1000 + microseconds - offsetMinutes(zone) * 60_000_000
}

const isoTime =
  /^(?<year>\d{4})(?:-?(?<month>\d{1,2})(?:-?(?<day>\d{1,2})(?:[ T](?<hour>\d{2})(?::?(?<minute>\d{2})(?::?(?<second>\d{1,2})(?:[.,](?<fraction>\d+))?)?)?(?<zone>Z|[-+]\d{2}(?::?\d{2})?)?)?)?)?$/

function offsetMinutes(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0
  const digits = zone.slice(1).replace(':', '')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0)
  return zone.startsWith('-') ? -minutes : minutes
}
