import type { ResponseHeaders } from '../errors/http-error.js'

/** A range of some data. */
export interface Span {
  readonly start: number
  /** Exclusive; Infinity: up to the end, wherever that is. */
  readonly end: number
}

/** A range of data, and the size of all of it that the server reports. */
export interface ContentRange extends Span {
  /** Undefined when the server does not report it. */
  readonly size: number | undefined
}

const whole: ContentRange = { start: 0, end: Number.POSITIVE_INFINITY, size: undefined }

/**
 * The range that the body of a response to a Range request holds: the requested one, or the whole from a server without
 * ranges (RFC 9110 section 15.3.7). Undefined when it is neither: an error status, or a 206 whose Content-Range is
 * missing or names other bytes, so that the body might be any bytes. The caller compares the size.
 */
export function rangeOfBody(
  { status, headers }: { readonly status: number; readonly headers: ResponseHeaders },
  asked: Span,
): ContentRange | undefined {
  if (status < 200 || status > 299) return undefined
  if (status !== 206) return whole
  const range = parseContentRange(headers.get('content-range'))
  return range && range.start === asked.start && range.end <= asked.end ? range : undefined
}

/** Undefined for a header that is absent or cannot be true (RFC 9110 section 14.4). */
function parseContentRange(header: string | null): ContentRange | undefined {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(header?.trim() ?? '')
  if (!match) return undefined
  const start = Number(match[1])
  const end = Number(match[2]) + 1
  const size = match[3] === '*' ? undefined : Number(match[3])
  if (end <= start || (size !== undefined && end > size) || !Number.isSafeInteger(end)) return undefined
  return { start, end, size }
}
