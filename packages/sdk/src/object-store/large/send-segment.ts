import { isRetryable } from '../../errors/guards.js'
import type { ResponseHeaders } from '../../errors/http-error.js'
import { IntegrityError } from '../../errors/transfer-errors.js'
import { hashedSource, type HashedSource } from '../../hashing/hashed-source.js'
import type { Source } from '../../sources/source.js'
import { abortReason, throwIfAborted } from '../../transport/aborting.js'
import type { ObjectContext } from '../context.js'
import { etagOf } from '../headers.js'
import { type ObjectAddress, objectPath } from '../address.js'
import type { StreamPart } from './segment-source.js'

/** A segment that is stored, and whose bytes were compared with what was sent. */
export interface StoredSegment extends ObjectAddress {
  readonly etag: string
  readonly bytes: number
}

interface SendOptions {
  readonly signal?: AbortSignal | undefined
  /** Called with the number of bytes just sent; a negative number takes back those of a failed attempt. */
  readonly onBytes: (bytes: number) => void
}

/** How often a segment is sent again after it was stored incorrectly. */
const mostMismatches = 2

/**
 * PUT of one segment, its MD5 compared with the ETag. It is repeated when the source can be opened again; otherwise the
 * segment is looked up when the response is lost.
 * @throws IntegrityError
 */
export async function sendSegment(
  context: ObjectContext,
  at: ObjectAddress,
  body: Source | StreamPart,
  { signal, onBytes }: SendOptions,
): Promise<StoredSegment> {
  let counted = 0
  const sent = hashedSource(body, context.platform, ['md5'], (bytes) => {
    if (bytes === 0) {
      if (counted > 0) onBytes(-counted)
      counted = 0
    } else {
      counted += bytes
      onBytes(bytes)
    }
  })
  const isSent = () => ('isRead' in body ? body.isRead : sent.bytes === body.size)
  const patient = abortUnlessSent(signal, isSent)
  try {
    for (let mismatches = 0; ; mismatches += 1) {
      throwIfAborted(signal)
      const headers = await put(context, at, sent, patient.signal).catch((error: unknown) => {
        if (!('isRead' in body && body.isRead && isRetryable(error))) throw error
        return lookUp(context, at, error, signal)
      })
      const answered = etagOf(headers)
      const { md5 = answered } = await sent.digest()
      if (answered === '' || answered === md5) return { ...at, etag: md5, bytes: sent.bytes }
      if (!body.replayable || mismatches === mostMismatches) {
        throw new IntegrityError(
          `the segment ${at.container}/${at.name} is not what was sent: its MD5 is ${answered}, and should be ${md5}`,
          { what: 'md5', expected: md5, actual: answered },
        )
      }
    }
  } finally {
    patient.release()
    sent.dispose()
  }
}

async function put(
  { client }: ObjectContext,
  at: ObjectAddress,
  body: HashedSource,
  signal: AbortSignal | undefined,
): Promise<ResponseHeaders> {
  const response = await client.request({
    method: 'PUT',
    path: objectPath(at),
    body,
    retry: { methods: ['PUT'] },
    signal,
  })
  await response.discard()
  return response.headers
}

/**
 * Whether the bytes of a PUT are stored: its response was lost, all of them were sent, and they cannot be sent again.
 */
async function lookUp(
  { client }: ObjectContext,
  at: ObjectAddress,
  error: unknown,
  signal: AbortSignal | undefined,
): Promise<ResponseHeaders> {
  try {
    const response = await client.request({ method: 'HEAD', path: objectPath(at), signal })
    await response.discard()
    return response.headers
  } catch {
    throw error
  }
}

/** How long to wait, after an abort, for the response to a request whose bytes have all been sent. */
const graceMs = 3000

/**
 * A signal for a request that stores something: it aborts with `signal`, but when all bytes have been sent it first
 * waits for the response for a while. The server carries out such a request anyway, and only its response shows what
 * there is to remove.
 */
export function abortUnlessSent(
  signal: AbortSignal | undefined,
  isSent: () => boolean,
): { readonly signal: AbortSignal; release(): void } {
  const control = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const onAbort = () => {
    const abort = () => control.abort(signal && abortReason(signal))
    if (isSent()) timer = setTimeout(abort, graceMs)
    else abort()
  }
  if (signal?.aborted) onAbort()
  else signal?.addEventListener('abort', onAbort, { once: true })
  return {
    signal: control.signal,
    release() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    },
  }
}
