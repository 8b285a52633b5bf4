import { isConflict } from '../errors/guards.js'
import { SourceError } from '../errors/transfer-errors.js'
import type { ServiceResponse } from '../http/service-response.js'
import { policies, retryPolicy } from '../retry/policies.js'
import { countAttempts } from '../transfer/attempts.js'
import { rangeOfBody, type Span } from '../transfer/range-response.js'
import { type ReadOrigin, resumableRead } from '../transfer/resumable-read.js'
import { codingsOf, sameCodings } from '../transport/response-headers.js'
import { type ByteRange, spanOfRange } from './byte-range.js'
import type { ObjectContext } from './context.js'
import { etagOf } from './headers.js'
import { type ObjectAddress, objectPath } from './address.js'

/** What reading needs of an {@link ObjectContext}, and its timeout. */
export interface ReadContext extends Pick<ObjectContext, 'client' | 'retry'> {
  /** @default the cloud's */
  readonly idleTimeoutMs?: number | undefined
}

/** The object to read, as it was when it was looked up. */
interface ReadObject extends ObjectAddress {
  readonly bytes: number
  readonly etag: string
  readonly contentEncoding: string | undefined
}

/**
 * The bytes of an object, or a range of them, resumed when a connection breaks off, if the object is still the same.
 * @throws SourceError when it has been replaced, or one of its segments has
 */
export async function* readObject(
  context: ReadContext,
  object: ReadObject,
  range: ByteRange | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const span = spanOfRange(range, object.bytes)
  const origin: ReadOrigin = {
    size: object.bytes,
    open: async (wanted) => ({ ...wanted, body: (await request(context, object, wanted, signal)).body }),
    mayResume: policies.objectData.isWorthRetrying,
    wrongLength: (at, how) => wrongLength(object, `${how === 'long' ? 'more than ' : ''}${at - span.start}`, span),
  }
  yield* resumableRead(origin, span, countAttempts(retryPolicy('objectData', context.retry), signal))
}

async function request(
  { client, retry, idleTimeoutMs }: ReadContext,
  object: ReadObject,
  span: Span,
  signal: AbortSignal | undefined,
): Promise<ServiceResponse> {
  const isPart = span.start > 0 || span.end < object.bytes
  const response = await client
    .request({
      method: 'GET',
      path: objectPath(object),
      headers: isPart ? { range: `bytes=${span.start}-${span.end - 1}` } : {},
      // Length and ETag are those of the stored bytes (swift/obj/server.py).
      keepEncoding: object.contentEncoding,
      retry,
      timeouts: idleTimeoutMs === undefined ? {} : { idleTimeoutMs },
      signal,
    })
    .catch((error: unknown) => {
      throw isConflict(error) ? segmentGone(object, error) : error
    })
  const problem = problemOf(object, isPart ? span : undefined, response)
  if (problem === undefined) return response
  // Not drained: it may be gigabytes.
  await response.body[Symbol.asyncIterator]().return?.()
  throw new SourceError(`${labelOf(object)} ${problem.what}`, { hint: problem.hint })
}

/** Why these are not the bytes that were requested. */
function problemOf(
  { bytes, contentEncoding, etag }: ReadObject,
  part: Span | undefined,
  response: ServiceResponse,
): { readonly what: string; readonly hint: string } | undefined {
  const { status, headers, undone } = response
  const isEncoded = codingsOf(contentEncoding).length > 0
  const isAsStored = sameCodings(headers.get('content-encoding'), contentEncoding)
  if (isEncoded && undone !== undefined && !isAsStored) {
    const what = `is stored with Content-Encoding ${contentEncoding}, which this runtime undoes by itself`
    return { what: `${what}: its stored bytes cannot be read`, hint: 'read it with Node.js or the command line' }
  }
  // Apache's mod_deflate changes the ETag of what it compresses.
  const now = undone === undefined ? etagOf(headers) : etagOf(headers).replace(/-(?:gzip|br|deflate)$/, '')
  if (now !== etag) return { what: 'was replaced since it was looked up', hint: 'look it up again' }
  const sent = part && rangeOfBody(response, part)
  if (part && (status !== 206 || (sent?.size ?? bytes) !== bytes || !sent))
    return { what: 'cannot be read in parts', hint: 'look it up again' }
  if (!isEncoded || status === 206 || isAsStored) return undefined
  return { what: 'was decompressed on its way', hint: 'a proxy undoes the Content-Encoding: bypass the proxy' }
}

/** Swift checks a segment before it sends it (swift/common/request_helpers.py `SegmentedIterable`). */
function segmentGone(object: ReadObject, cause: unknown): SourceError {
  return new SourceError(`${labelOf(object)} cannot be read: a segment of it is missing, or has been replaced`, {
    cause,
    hint: 'store the object again',
  })
}

function wrongLength(object: ReadObject, actual: string, { start, end }: Span): SourceError {
  return new SourceError(`${labelOf(object)} returned ${actual} bytes where ${end - start} were expected`, {
    hint: 'look it up again; a proxy on the way may compress or decompress it',
  })
}

function labelOf({ container, name }: ObjectAddress): string {
  return `${container}/${name}`
}
