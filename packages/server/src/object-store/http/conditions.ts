import type { HttpContext } from '../../context.js'
import type { WantedRange } from '../byte-range.js'

/**
 * The range of a request (RFC 9110 section 14.2); undefined for the whole object. A header that does not parse or has
 * several ranges also means the whole object.
 */
export function readRange(c: HttpContext): WantedRange | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(c.req.header('range')?.trim() ?? '') ?? []
  if (first === '' && last === '') return undefined
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined
  return { first: first === '' ? undefined : Number(first), last: last === '' ? undefined : Number(last) }
}

/** Whether If-Match, If-None-Match, If-Modified-Since and If-Unmodified-Since let a GET or HEAD pass (RFC 9110 13.2.2). */
export function precondition(c: HttpContext, etag: string, modifiedMs: number): 'pass' | 'not-modified' | 'failed' {
  const matches = (list: string) =>
    list.split(',').some((each) => each.trim() === '*' || each.trim().replaceAll('"', '') === etag)
  const changedSince = (date: string) => Math.floor(modifiedMs / 1000) > Math.floor(Date.parse(date) / 1000)
  const ifMatch = c.req.header('if-match')
  if (ifMatch !== undefined && !matches(ifMatch)) return 'failed'
  const ifNoneMatch = c.req.header('if-none-match')
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch) ? 'not-modified' : 'pass'
  const unmodifiedSince = c.req.header('if-unmodified-since')
  if (unmodifiedSince !== undefined && changedSince(unmodifiedSince)) return 'failed'
  const modifiedSince = c.req.header('if-modified-since')
  if (modifiedSince !== undefined && !Number.isNaN(Date.parse(modifiedSince)) && !changedSince(modifiedSince))
    return 'not-modified'
  return 'pass'
}
