import { octetStream } from '@tyrax/protocol'
import { path } from '../../../http/path.js'
import { HttpError } from '../../../errors/http-error.js'
import { ImageStatusError } from '../../../errors/image-errors.js'
import { IntegrityError } from '../../../errors/transfer-errors.js'
import { type HashedSource, hashedSource } from '../../../hashing/hashed-source.js'
import { retryDelay } from '../../../retry/delay.js'
import { RecordLostError } from '../../../retry/failures.js'
import { policies, retryPolicy } from '../../../retry/policies.js'
import { sleep } from '../../../retry/sleep.js'
import type { Source } from '../../../sources/source.js'
import type { RateLimit } from '../../../transfer/budget.js'
import { meterProgress } from '../../../transfer/progress.js'
import { rateLimits, throttled } from '../../../transfer/throttle.js'
import { isEnded } from '../../../transport/aborting.js'
import type { ImageContext } from '../context.js'
import type { SendOptions, UploadResult } from './options.js'
import { withUsage } from './over-limit.js'
import { settle } from './settle.js'
import { verifyUpload } from './verify-upload.js'

/** After a broken exchange: how long the server may take to finish what it has. */
const settleAfterFailureMs = 5 * 60_000
/** What it has is not all: how long it may take to notice. One that was killed never does (glance/api/v2/image_data.py). */
const settleCutShortMs = 30_000
/** A service that restarts is back by then. */
const unreachableMs = 60_000
/** After a good answer: an image is active then, but for servers that answer first. */
const settleAfterSuccessMs = 60 * 60_000
/** Stores flush for minutes after the last byte; a server that is silent for an hour is not coming back. */
const headersTimeoutMs = 60 * 60_000

/**
 * PUT /v2/images/{id}/file until the image is active and compared with what was sent. A failed attempt is repeated
 * when the source can be read again and the server has put the image back to `queued`; when the answer was lost but
 * the data was not, nothing is sent twice.
 */
export async function sendData(
  context: ImageContext,
  id: string,
  source: Source,
  options: SendOptions,
): Promise<UploadResult> {
  return context.transfers.turn(() => sendInTurn(context, id, source, options), options.signal)
}

async function sendInTurn(
  context: ImageContext,
  id: string,
  source: Source,
  options: SendOptions,
): Promise<UploadResult> {
  const limits = rateLimits(context.transfers, options.limitRate)
  const meter = meterProgress(options.onProgress, 'upload', source.size)
  // A source that cannot be read again has to have every hash that the server may turn out to use.
  const algorithms = source.replayable ? ['sha512'] : ['sha512', 'md5']
  const sent = hashedSource(limitedSource(source, limits), context.platform, algorithms, (bytes) => {
    if (bytes === 0) meter.restart()
    else meter.add(bytes)
  })
  try {
    let isFetchedAgain = false
    for (let failures = 0; ;) {
      try {
        await putFile(context, id, sent, options)
        meter.end()
        return await finish(context, id, source, sent, options)
      } catch (error) {
        failures += 1
        const isAgain =
          policies.damagedSource.isWorthRetrying(error) &&
          source.isRemote === true &&
          source.replayable &&
          !isFetchedAgain
        if (isAgain) {
          isFetchedAgain = true
          options.onDamaged?.(error)
        }
        const result = await recover(context, id, source, sent, { failures, isAgain }, error, options)
        if (result) return result
      }
    }
  } finally {
    sent.dispose()
  }
}

/** The same source, read no faster than the limits allow. */
function limitedSource(source: Source, limits: readonly RateLimit[]): Source {
  if (limits.length === 0) return source
  return {
    label: source.label,
    get size() {
      return source.size
    },
    replayable: source.replayable,
    prepare: (signal) => source.prepare(signal),
    peek: (length, signal) => source.peek(length, signal),
    open: (options) => throttled(source.open(options), limits, options?.signal),
  }
}

async function putFile(context: ImageContext, id: string, sent: HashedSource, options: SendOptions): Promise<void> {
  const response = await context.client.request({
    method: 'PUT',
    path: path`/images/${id}/file`,
    body: sent,
    contentType: octetStream,
    headers: {
      ...(sent.size !== undefined && { 'x-openstack-image-size': String(sent.size) }),
      ...(options.store !== undefined && { 'x-image-meta-store': options.store }),
    },
    timeouts: { headersTimeoutMs, ...options.timeouts },
    signal: options.signal,
  })
  await response.discard()
}

async function finish(
  context: ImageContext,
  id: string,
  source: Source,
  sent: HashedSource,
  options: SendOptions,
): Promise<UploadResult> {
  const waiting = meterProgress(options.onProgress, 'server')
  const image = await settle(context, id, { savingMs: settleAfterSuccessMs }, options)
  waiting.end()
  if (image.status !== 'active') {
    throw new ImageStatusError(`the image ${id} is ${image.status} after its upload, not active`, image.status)
  }
  return verifyUpload(context, source, sent, image, options)
}

/** After a failed attempt: the result if the data got there all the same, undefined to try again. */
async function recover(
  context: ImageContext,
  id: string,
  source: Source,
  sent: HashedSource,
  { failures, isAgain }: { readonly failures: number; readonly isAgain: boolean },
  error: unknown,
  options: SendOptions,
): Promise<UploadResult | undefined> {
  // More readings than failures: the client has already repeated the request, with a new token or after a redirect.
  // Browsers do so as well, on their own, when a connection that was used before breaks.
  const repeated = failures > 1 || sent.opened > failures || context.client.wholeBodies !== undefined
  const policy = repeated ? policies.repeatedUpload : policies.upload
  if (!isAgain && !policy.isWorthRetrying(error)) throw await withUsage(context, error)
  const isWhole = sent.size === undefined || sent.bytes >= sent.size
  const { settleTimeoutMs = isWhole ? settleAfterFailureMs : settleCutShortMs } = options
  const patience = { savingMs: settleTimeoutMs, unreachableMs }
  const image = await settle(context, id, patience, options).catch((unsettled: unknown) => {
    if (isEnded(unsettled) || options.signal?.aborted) throw unsettled
    const isLost = unsettled instanceof ImageStatusError && (repeated || unsettled.status === 'saving')
    throw isLost ? new RecordLostError(unsettled.message, unsettled.status, { cause: error }) : error
  })
  if (image.status === 'active') {
    return verifyUpload(context, source, sent, image, options).catch((difference: unknown) => {
      // Not what was sent, and no wonder: it was somebody else's data, or the attempt was cut short.
      throw difference instanceof IntegrityError ? error : difference
    })
  }
  const retryAfter = error instanceof HttpError ? error.headers.get('retry-after') : undefined
  const moment = { attempt: failures, retryAfter, now: Date.now(), random: Math.random() }
  const delay = retryDelay(retryPolicy('upload', context.retry), moment)
  if (image.status !== 'queued' || !source.replayable || delay === undefined) throw error
  await sleep(delay, options.signal)
  return undefined
}
