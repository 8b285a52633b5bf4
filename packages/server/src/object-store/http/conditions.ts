import type { RequestHeaders } from '../../http/wire-request.js'
import { SwiftFault } from '../errors.js'

/**
 * The one range of a GET (RFC 9110 section 14.2), `end` inclusive; undefined for the whole object, which is also the
 * answer to a header that does not parse and to several ranges.
 * @throws SwiftFault 416 for a range outside the object
 */
export function readRange(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [, first = '', last = ''] = match
  if (first === '') {
    const length = Math.min(Number(last), size)
    if (length === 0) throw unsatisfiable(size)
    return { start: size - length, end: size - 1 }
  }
  const start = Number(first)
  const end = last === '' ? size - 1 : Number(last)
  if (end < start && last !== '') return undefined
  if (start >= size) throw unsatisfiable(size)
  return { start, end: Math.min(end, size - 1) }
}

function unsatisfiable(size: number): SwiftFault {
  return new SwiftFault(416, undefined, { 'Content-Range': `bytes */${size}` })
}

/** Whether If-Match, If-None-Match, If-Modified-Since and If-Unmodified-Since let a GET or HEAD pass (RFC 9110 13.2.2). */
export function precondition(
  headers: RequestHeaders,
  etag: string,
  modifiedMs: number,
): 'pass' | 'not-modified' | 'failed' {
  const matches = (list: string) =>
    list.split(',').some((each) => each.trim() === '*' || each.trim().replaceAll('"', '') === etag)
  const changedSince = (date: string) => Math.floor(modifiedMs / 1000) > Math.floor(Date.parse(date) / 1000)
  const ifMatch = headers.get('if-match')
  if (ifMatch !== null && !matches(ifMatch)) return 'failed'
  const ifNoneMatch = headers.get('if-none-match')
  if (ifNoneMatch !== null) return matches(ifNoneMatch) ? 'not-modified' : 'pass'
  const unmodifiedSince = headers.get('if-unmodified-since')
  if (unmodifiedSince !== null && changedSince(unmodifiedSince)) return 'failed'
  const modifiedSince = headers.get('if-modified-since')
  if (modifiedSince !== null && !Number.isNaN(Date.parse(modifiedSince)) && !changedSince(modifiedSince))
    return 'not-modified'
  return 'pass'
}
