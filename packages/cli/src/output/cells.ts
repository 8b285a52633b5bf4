/** A cell as one line of plain text: what `value`, `csv` and, by default, tables show. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(cellText).join(', ')
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([key, item]) => `${key}=${cellText(item)}`)
      .join(', ')
  }
  if (typeof value === 'string') return value
  return JSON.stringify(value)
}

/** A time in Glance's format: UTC, whole seconds. */
export function wireTime(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z')
}
