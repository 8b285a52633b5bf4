import type { ServiceResponse } from '../client/service-client.js'
import { ConnectionError, TimeoutError } from '../errors/connection-errors.js'
import { isConflict } from '../errors/guards.js'
import { SourceError } from '../errors/transfer-errors.js'
import { defaultRetryPolicy } from '../retry/policy.js'
import { countAttempts } from '../transfer/attempts.js'
import { type ByteRange, spanOfRange } from './byte-range.js'
import type { ObjectContext } from './context.js'
import { etagOf } from './etag.js'
import { type ObjectAddress, objectPath } from './object-path.js'

/** What reading takes of an {@link ObjectContext}. */
export type ReadContext = Pick<ObjectContext, 'client' | 'retry'>

/** What was read of, as it was when it was looked up. */
interface ReadObject extends ObjectAddress {
  readonly bytes: number
  readonly etag: string
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
      signal,
    })
    .catch((error: unknown) => {
      throw isConflict(error) ? segmentGone(object, error) : error
    })
  const problem =
    etagOf(response.headers) !== object.etag
      ? 'was replaced since it was looked up'
      : range && response.status !== 206
        ? 'cannot be read in parts'
        : undefined
  if (problem === undefined) return response
  // Not drained: it may be gigabytes.
  await response.body[Symbol.asyncIterator]().return?.()
  throw new SourceError(`${labelOf(object)} ${problem}`, { hint: 'look it up again' })
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
  return new SourceError(`${labelOf(object)} gave ${actual} bytes where ${expected} were expected`)
}

function labelOf({ container, name }: ObjectAddress): string {
  return `${container}/${name}`
}
