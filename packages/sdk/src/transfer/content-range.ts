/** What a 206 says that it is a part of (RFC 9110 section 14.4). `end` is exclusive. */
export interface ContentRange {
  readonly start: number
  readonly end: number
  /** Undefined where the server does not tell. */
  readonly size: number | undefined
}

/** Undefined for a header that is absent or says nothing that could be true. */
export function parseContentRange(header: string | null): ContentRange | undefined {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(header?.trim() ?? '')
  if (!match) return undefined
  const start = Number(match[1])
  const end = Number(match[2]) + 1
  const size = match[3] === '*' ? undefined : Number(match[3])
  if (end <= start || (size !== undefined && end > size) || !Number.isSafeInteger(end)) return undefined
  return { start, end, size }
}
