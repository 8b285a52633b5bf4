import { path } from '../../../http/path.js'
import type { ServiceResponse } from '../../../http/service-response.js'
import { ForbiddenError } from '../../../errors/http-error.js'
import { ImageStatusError } from '../../../errors/image-errors.js'
import type { CallOptions } from '../../../service/call-options.js'
import type { RetryPolicy } from '../../../retry/policy.js'
import type { RateLimit } from '../../../transfer/budget.js'
import { parseContentRange } from '../../../transfer/content-range.js'
import { rateLimits } from '../../../transfer/throttle.js'
import type { ImageContext } from '../context.js'
import { getImage } from '../get.js'
import type { Image, ImageRef } from '../image.js'
import { type DownloadOptions, downloadPolicy } from './options.js'
import type { RangeMemory } from './range-memory.js'

/** The data of one image, to be fetched in one or several requests. */
export interface DataOrigin {
  readonly context: ImageContext
  readonly image: Image
  readonly ranges: RangeMemory
  readonly policy: RetryPolicy
  /** How fast all of its connections together may be. */
  readonly limits: readonly RateLimit[]
  readonly options: DownloadOptions
}

export function dataOrigin(
  context: ImageContext,
  ranges: RangeMemory,
  image: Image,
  options: DownloadOptions,
): DataOrigin {
  const limits = rateLimits(context.transfers, options.limitRate)
  return { context, image, ranges, policy: downloadPolicy(context, options), limits, options }
}

/** Data from `start` on, which may be before what was asked for. */
export interface OpenData {
  readonly start: number
  readonly body: AsyncIterable<Uint8Array>
}

/** The record, for the hash and the size that its data must have. @throws ImageStatusError while there is no data */
export async function recordWithData(context: ImageContext, image: ImageRef, options: CallOptions): Promise<Image> {
  const record = await getImage(context, image, options)
  if (withoutData.includes(record.status)) throw noData(record)
  // What cannot be the size of anything says nothing of the data.
  return record.size === null || (Number.isSafeInteger(record.size) && record.size >= 0)
    ? record
    : { ...record, size: null }
}
const withoutData = ['queued', 'saving', 'uploading', 'importing']

/**
 * GET /v2/images/{id}/file from the first byte. 204 means that there is no data.
 * @throws ImageStatusError when there is none, or it is not given out
 */
export async function openWhole(origin: DataOrigin): Promise<OpenData> {
  return { start: 0, body: (await request(origin, {})).body }
}

/**
 * The bytes from `start` to before `end`, or undefined from a store that gives no parts. Only file and cinder stores do;
 * the others answer 400, even to `bytes=0-` (glance_store `capabilities.check`). An answer that does not say that it is
 * just that part is not used: a 206 without Content-Range might be any.
 */
export async function openPart(origin: DataOrigin, start: number, end: number): Promise<OpenData | undefined> {
  const { image, ranges } = origin
  const answer = await request(origin, { range: `bytes=${start}-${end - 1}` })
  if (answer.status === 206) {
    const part = parseContentRange(answer.headers.get('content-range'))
    const fits = part?.start === start && part.end <= end && (part.size ?? image.size) === image.size
    await ranges.note(image, fits)
    if (fits) return { start, body: answer.body }
  } else {
    await ranges.note(image, false)
    // The whole image, asked for or not, spares another request.
    if (answer.status === 200) return { start: 0, body: answer.body }
  }
  await answer.discard()
  return undefined
}

async function request(origin: DataOrigin, headers: { readonly range?: string }): Promise<ServiceResponse> {
  const { context, image, options, policy } = origin
  const { signal, idleTimeoutMs } = options
  const response = await context.client
    .request({
      method: 'GET',
      path: path`/images/${image.id}/file`,
      headers: { ...headers },
      // Bad request, range not satisfiable, not implemented: a store, or a proxy before it, that gives no such part.
      accept: headers.range === undefined ? [] : [400, 416, 501],
      retry: policy,
      timeouts: idleTimeoutMs === undefined ? {} : { idleTimeoutMs },
      signal,
    })
    .catch(async (error: unknown) => {
      throw error instanceof ForbiddenError ? await explained(origin, error) : error
    })
  if (response.status !== 204 || image.size === 0) return response
  await response.discard()
  throw noData(image)
}

/** An image may be deactivated while it is being fetched. */
async function explained({ context, image, options }: DataOrigin, error: ForbiddenError): Promise<Error> {
  const now = await getImage(context, image, { signal: options.signal }).catch(() => image)
  if (now.status !== 'deactivated') return error
  return new ImageStatusError(`the image ${image.id} is deactivated: its data is not given out`, now.status, {
    cause: error,
    hint: 'an administrator can reactivate it',
  })
}

function noData(image: Image): ImageStatusError {
  return new ImageStatusError(`the image ${image.id} is ${image.status} and has no data to download`, image.status)
}
