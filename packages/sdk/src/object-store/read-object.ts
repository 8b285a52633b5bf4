import type { ServiceResponse } from '../http/service-response.js'
import { ConnectionError, TimeoutError } from '../errors/connection-errors.js'
import { isConflict } from '../errors/guards.js'
import { SourceError } from '../errors/transfer-errors.js'
import { defaultRetryPolicy } from '../retry/policy.js'
import { countAttempts } from '../transfer/attempts.js'
import { type ByteRange, spanOfRange } from './byte-range.js'
import { codingsOf, sameCodings } from '../transport/content-codings.js'
import type { ObjectContext } from './context.js'
import { etagOf } from './etag.js'
import { type ObjectAddress, objectPath } from './object-path.js'

/** What reading takes of an {@link ObjectContext}. */
export type ReadContext = Pick<ObjectContext, 'client' | 'retry'>

/** What was read of, as it was when it was looked up. */
interface ReadObject extends ObjectAddress {
  readonly bytes: number
  readonly etag: string
  readonly contentEncoding: string | undefined
}

/**
 * The bytes of an object, or some of them, over as many connections as that takes: one that breaks off or falls silent
 * is followed by another that goes on behind the last byte, if the object is still the same.
 * @throws SourceError when it has been replaced, or one of its segments has
 */
export async function* readObject(
  context: ReadContext,
  object: ReadObject,
  range: ByteRange | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { start, end } = spanOfRange(range, object.bytes)
  const attempts = countAttempts({ ...defaultRetryPolicy, ...context.retry }, signal)
  let at = start
  do {
    const before = at
    const asked = at === 0 && end === object.bytes ? undefined : { start: at, end: end - 1 }
    const response = await request(context, object, asked, signal)
    try {
      for await (const chunk of response.body) {
        at += chunk.byteLength
        if (at > end) throw wrongLength(object, `more than ${end - start}`, end - start)
        yield chunk
      }
    } catch (error) {
      if (!brokeOff(error)) throw error
      await attempts.next(error, at - before)
      continue
    }
    if (at < end) throw wrongLength(object, `${at - start}`, end - start)
  } while (at < end)
}

async function request(
  { client }: ReadContext,
  object: ReadObject,
  range: { readonly start: number; readonly end: number } | undefined,
  signal: AbortSignal | undefined,
): Promise<ServiceResponse> {
  const response = await client
    .request({
      method: 'GET',
      path: objectPath(object),
      headers: range ? { range: `bytes=${range.start}-${range.end}` } : {},
      // Length and ETag are those of the stored bytes (swift/obj/server.py).
      keepEncoding: object.contentEncoding,
      signal,
    })
    .catch((error: unknown) => {
      throw isConflict(error) ? segmentGone(object, error) : error
    })
  const problem = problemOf(object, range, response)
  if (problem === undefined) return response
  // Not drained: it may be gigabytes.
  await response.body[Symbol.asyncIterator]().return?.()
  throw new SourceError(`${labelOf(object)} ${problem.what}`, { hint: problem.hint })
}

/** Why these are not the bytes that were asked for. */
function problemOf(
  { contentEncoding, etag }: ReadObject,
  range: object | undefined,
  { status, headers, undone }: ServiceResponse,
): { readonly what: string; readonly hint: string } | undefined {
  const isEncoded = codingsOf(contentEncoding).length > 0
  const isAsStored = sameCodings(headers.get('content-encoding'), contentEncoding)
  if (isEncoded && undone !== undefined && !isAsStored) {
    const what = `is stored with Content-Encoding ${contentEncoding}, which this runtime undoes by itself`
    return { what: `${what}: its stored bytes cannot be had`, hint: 'read it with Node.js or the command line' }
  }
  // Apache's mod_deflate changes the ETag of what it compresses.
  const now = undone === undefined ? etagOf(headers) : etagOf(headers).replace(/-(?:gzip|br|deflate)$/, '')
  if (now !== etag) return { what: 'was replaced since it was looked up', hint: 'look it up again' }
  if (range && status !== 206) return { what: 'cannot be read in parts', hint: 'look it up again' }
  if (!isEncoded || status === 206 || isAsStored) return undefined
  return { what: 'was decompressed on its way', hint: 'a proxy undoes the Content-Encoding: go past it' }
}

/** Swift looks at a segment before it sends it (swift/common/request_helpers.py `SegmentedIterable`). */
function segmentGone(object: ReadObject, cause: unknown): SourceError {
  return new SourceError(`${labelOf(object)} cannot be read: a segment of it is missing, or has been replaced`, {
    cause,
    hint: 'store the object again',
  })
}

function brokeOff(error: unknown): boolean {
  if (error instanceof TimeoutError) return error.limit === 'idle'
  return error instanceof ConnectionError && ['reset', 'truncated', 'unknown'].includes(error.reason)
}

function wrongLength(object: ReadObject, actual: string, expected: number): SourceError {
  return new SourceError(`${labelOf(object)} gave ${actual} bytes where ${expected} were expected`, {
    hint: 'look it up again; a proxy on the way may compress or decompress it',
  })
}

function labelOf({ container, name }: ObjectAddress): string {
  return `${container}/${name}`
}
