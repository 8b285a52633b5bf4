/** Formats a time as Glance does: whole seconds, Z (oslo.utils `timeutils`, `isotime`). */
export function encodeTime(time: Date): string {
  return time.toISOString().replace('.000Z', 'Z')
}

/** @throws Error when it is not a time; a time without a zone is UTC, as everywhere in OpenStack */
export function decodeTime(value: unknown): Date {
  const text = typeof value === 'string' ? value : ''
  const zoned = /(?:[Zz]|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`
  const time = new Date(zoned)
  if (Number.isNaN(time.getTime())) throw new Error(`${JSON.stringify(value)} is not a time`)
  return time
}
