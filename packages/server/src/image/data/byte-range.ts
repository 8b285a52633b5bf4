import { Refusal } from '../../refusal.js'
import { invalid } from '../errors.js'

/** A byte range of an image; `end` is inclusive. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

const unsatisfiable = (message: string) => new Refusal('unsatisfiable-range', message)

/**
 * The range that a request asks for (glance/common/wsgi.py `get_range_from_request`): one range, clipped to the image;
 * a suffix longer than the image means the whole image. `Content-Range` in a request is still honoured, as in Glance.
 * @throws invalid for several ranges; unsatisfiable-range for one that cannot be parsed or starts past the end
 */
export function readRange(
  headers: { readonly range: string | undefined; readonly contentRange: string | undefined },
  size: number,
): ByteRange | undefined {
  if (headers.range !== undefined) return parseRange(headers.range, size)
  if (headers.contentRange !== undefined) return parseContentRange(headers.contentRange, size)
  return undefined
}

function parseRange(text: string, size: number): ByteRange {
  if (text.includes(',')) {
    throw invalid(
      'Requests with multiple ranges are not supported in Glance. You may make multiple single-range requests instead.',
    )
  }
  const { first, last } = splitRange(text)
  if (first === '' && last === '') throw unsatisfiable('Invalid Range header.')
  if (first === '') return suffix(Number(last), size)
  const start = Number(first)
  const end = last === '' ? size - 1 : Number(last)
  if (last !== '' && end < start) throw unsatisfiable('Invalid Range header.')
  if (start >= size) throw badStart('Range', size)
  return { start, end: Math.min(end, size - 1) }
}

/** Parsed step by step: in one regular expression, two adjacent runs of spaces would backtrack in quadratic time. */
function splitRange(text: string): { readonly first: string; readonly last: string } {
  const [unit] = /^bytes *= */i.exec(text) ?? []
  const rest = text.slice(unit?.length ?? text.length)
  const [start, first = ''] = /^(\d*) *- */.exec(rest) ?? []
  const [last = ''] = /^\d*/.exec(rest.slice(start?.length ?? rest.length)) ?? []
  return { first, last }
}

function suffix(length: number, size: number): ByteRange {
  if (length === 0 && size === 0) throw badStart('Range', size)
  // `bytes=-0` is read as a start of zero, i.e. the whole image.
  const start = length === 0 ? 0 : Math.max(0, size - length)
  return { start, end: size - 1 }
}

function parseContentRange(text: string, size: number): ByteRange {
  const [, first = '', last = '', length = ''] = /^bytes (\d+)-(\d+)\/(\*|\d+)/i.exec(text) ?? []
  const start = Number(first)
  const end = Number(last)
  if (first === '' || end < start || (length !== '*' && end >= Number(length))) {
    throw unsatisfiable('Invalid Content-Range header.')
  }
  if (length === '*' && end >= size) {
    throw unsatisfiable(
      `Invalid stop position in Content-Range header. The stop position MUST be in the inclusive range [0, ${size - 1}].`,
    )
  }
  if (start >= size) throw badStart('Content-Range', size)
  return { start, end: Math.min(end, size - 1) }
}

function badStart(header: string, size: number): Refusal {
  return unsatisfiable(
    `Invalid start position in ${header} header. Start position MUST be in the inclusive range [0, ${size - 1}].`,
  )
}
