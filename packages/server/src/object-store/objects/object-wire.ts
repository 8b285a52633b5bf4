import { Readable } from 'node:stream'
import type { HttpContext } from '../../context.js'
import { Refusal } from '../../refusal.js'
import { quotePath } from '../address.js'
import { requireSpan } from '../byte-range.js'
import { precondition, readRange } from '../http/conditions.js'
import { metadataHeaders } from '../http/metadata-headers.js'
import { empty, stream } from '../http/response.js'
import { lastModified, swiftTimestamp } from '../timestamps.js'
import { begun, type Content } from './content.js'
import type { Copy } from './copy-service.js'
import { readPart } from './object-input.js'
import type { ObjectRecord } from './object-record.js'

type ResponseHeaders = Readonly<Record<string, string>>

/** The headers of an object's GET and HEAD. */
export function objectHeaders(object: ObjectRecord): ResponseHeaders {
  return {
    'Content-Type': object.contentType,
    Etag: object.etag,
    'Last-Modified': lastModified(object.modifiedMs),
    'X-Timestamp': swiftTimestamp(object.modifiedMs),
    'Accept-Ranges': 'bytes',
    ...(object.large ? { 'X-Static-Large-Object': 'True' } : {}),
    ...metadataHeaders(object.metadata),
  }
}

/** The headers of the response to a write. */
export function writtenHeaders(record: ObjectRecord): ResponseHeaders {
  return { Etag: record.etag, 'Last-Modified': lastModified(record.modifiedMs) }
}

/** The headers of the response to a copy that describe its source. */
export function copiedHeaders({ from, source, metadata }: Copy): ResponseHeaders {
  return {
    'X-Copied-From': quotePath(`${from.container}/${from.object}`),
    'X-Copied-From-Account': quotePath(from.account),
    'X-Copied-From-Last-Modified': lastModified(source.modifiedMs),
    ...metadataHeaders(metadata),
  }
}

/**
 * Sends the requested bytes of an object's content, for GET and HEAD.
 * @param more additional headers for this content
 * @throws Refusal failed-condition; conflict when a segment is missing; UnsatisfiableRange
 */
export async function sendContent(
  c: HttpContext,
  object: ObjectRecord,
  content: Content,
  more: ResponseHeaders,
): Promise<Response> {
  const { method } = c.req.raw
  const headers = {
    ...objectHeaders(object),
    Etag: content.isLarge ? `"${content.etag}"` : content.etag,
    ...more,
  }
  const verdict = precondition(c, content.etag, object.modifiedMs)
  if (verdict === 'not-modified') return empty(c, 304, { ...headers, 'Content-Length': String(content.size) })
  if (verdict === 'failed') throw new Refusal('failed-condition')
  const part = await readPart(c, content)
  const range = method === 'GET' ? readRange(c) : undefined
  const span = part ?? (range && requireSpan(range, content.size))
  const { start, end } = span ?? { start: 0, end: content.size - 1 }
  const length = end - start + 1
  const bytes = method !== 'HEAD' && length > 0 ? await begun(content.read(start, end)) : undefined
  const all = {
    ...headers,
    ...(part ? { 'X-Parts-Count': String(part.count) } : {}),
    ...(span ? { 'Content-Range': `bytes ${start}-${end}/${content.size}` } : {}),
    // Must come last: Node encodes a Content-Disposition that follows it a second time, without checking it.
    'Content-Length': String(length),
  }
  const body = bytes && Readable.from(bytes, { objectMode: false, highWaterMark: 1 << 20 })
  return stream(c, span ? 206 : 200, all, body)
}
