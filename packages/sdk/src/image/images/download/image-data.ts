import { ForbiddenError } from '../../../errors/http-error.js'
import { ImageStatusError } from '../../../errors/image-errors.js'
import { path } from '../../../http/path.js'
import type { ServiceResponse } from '../../../http/service-response.js'
import { policies, type RetryPolicy } from '../../../retry/policies.js'
import type { CallOptions } from '../../../service/call-options.js'
import { countAttempts } from '../../../transfer/attempts.js'
import type { RateLimit } from '../../../transfer/transfer-limits.js'
import { rangeOfBody, type Span } from '../../../transfer/range-response.js'
import { type OpenBody, type ReadOptions, resumableRead } from '../../../transfer/resumable-read.js'
import { rateLimits, throttled } from '../../../transfer/transfer-limits.js'
import type { ImageContext } from '../context.js'
import { getImage } from '../get.js'
import type { Image, ImageRef } from '../image.js'
import { type DownloadOptions, downloadPolicy } from './options.js'
import { wrongSize } from '../image-hash.js'

/** Which stores of a cloud support ranges of an image, as far as known. Lives as long as the cloud object. */
export interface RangeMemory {
  /** Undefined: not known. */
  supports(image: Image): boolean | undefined
  note(image: Image, supports: boolean): void | Promise<void>
}

export function createRangeMemory(): RangeMemory {
  const byStore = new Map<string, boolean>()
  return {
    supports: (image) => byStore.get(image.stores ?? ''),
    note: (image, supports) => void byStore.set(image.stores ?? '', supports),
  }
}

/** The data of one image, to be fetched in one or several requests. */
export interface ImageData {
  readonly context: ImageContext
  readonly image: Image
  readonly ranges: RangeMemory
  readonly policy: RetryPolicy
  /** How fast all of its connections together may transfer. */
  readonly limits: readonly RateLimit[]
  readonly options: DownloadOptions
  /** The bytes are read through `gather` of the platform. @default false */
  readonly isGathered?: boolean | undefined
}

export function imageData(
  context: ImageContext,
  ranges: RangeMemory,
  image: Image,
  options: DownloadOptions,
): ImageData {
  const limits = rateLimits(context.transfers, options.limitRate)
  return { context, image, ranges, policy: downloadPolicy(context, options), limits, options }
}

/** The record, for the hash and the size that its data must have. @throws ImageStatusError while there is no data */
export async function recordWithData(context: ImageContext, image: ImageRef, options: CallOptions): Promise<Image> {
  const record = await getImage(context, image, options)
  if (withoutData.includes(record.status)) throw noData(record)
  // A size that cannot be true tells nothing about the data.
  return record.size === null || (Number.isSafeInteger(record.size) && record.size >= 0)
    ? record
    : { ...record, size: null }
}
const withoutData = ['queued', 'saving', 'uploading', 'importing']

/** The store has no ranges. Never thrown out of this folder. */
export class NoRanges extends Error {}

/** The bytes of a span, resumed where a connection breaks off. */
export function readSpan(
  data: ImageData,
  span: Span,
  options: ReadOptions & {
    /** End in a {@link NoRanges} where only the whole data is available. @default false */
    readonly onlyRanges?: boolean
  } = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const { image, policy } = data
  const { signal } = data.options
  return resumableRead(
    {
      size: wholeOf(image).end,
      async open(wanted) {
        const opened = await open(data, wanted, options.onlyRanges ?? false)
        return data.limits.length > 0 ? { ...opened, body: throttled(opened.body, data.limits, signal) } : opened
      },
      mayResume: (error, isShort) =>
        policies.imageData.isWorthRetrying(error) || (isShort && policies.shortImageData.isWorthRetrying(error)),
      wrongLength: (at, how) => wrongSize(image, how === 'long' ? `more than ${at}` : `${at}`),
    },
    span,
    countAttempts(policy, signal),
    options,
  )
}

export const wholeOf = ({ size }: Image): Span => ({ start: 0, end: size ?? Number.POSITIVE_INFINITY })

async function open(data: ImageData, span: Span, onlyRanges: boolean): Promise<OpenBody> {
  const { image, ranges, options } = data
  const isWhole = span.start === 0 && span.end === wholeOf(image).end
  if (!isWhole && image.size !== null && ranges.supports(image) !== false && options.resume !== false) {
    const opened = await openRange(data, span)
    if (opened && (opened.start === span.start || !onlyRanges)) return opened
    await opened?.body[Symbol.asyncIterator]().return?.()
  }
  if (onlyRanges) throw new NoRanges()
  return openWhole(data)
}

/**
 * GET /v2/images/{id}/file from the first byte. 204 means that there is no data.
 * @throws ImageStatusError when there is none, or its download is blocked
 */
export async function openWhole(data: ImageData): Promise<OpenBody> {
  return { ...wholeOf(data.image), body: (await request(data, {})).body }
}

/**
 * The bytes of a span, the whole from a server that ignores ranges, or undefined from a store without ranges. Only file
 * and cinder stores have them; the others respond with 400, even to `bytes=0-` (glance_store `capabilities.check`).
 */
export async function openRange(data: ImageData, span: Span): Promise<OpenBody | undefined> {
  const { image, ranges } = data
  const response = await request(data, { range: `bytes=${span.start}-${span.end - 1}` })
  const body = rangeOfBody(response, span)
  const fits = body !== undefined && (body.size ?? image.size) === image.size
  await ranges.note(image, response.status === 206 && fits)
  // The whole image, requested or not, saves another request.
  if (fits) return { ...(response.status === 206 ? span : wholeOf(image)), body: response.body }
  await response.discard()
  return undefined
}

/** Reads one byte of the data, if the store sends parts of it. */
export async function supportsRanges(
  context: ImageContext,
  ranges: RangeMemory,
  image: ImageRef,
  options: CallOptions,
): Promise<boolean> {
  const record = await recordWithData(context, image, options)
  if (!record.size) return false
  const opened = await openRange(imageData(context, ranges, record, options), { start: 0, end: 1 })
  await opened?.body[Symbol.asyncIterator]().return?.()
  return ranges.supports(record) === true
}

async function request(data: ImageData, headers: { readonly range?: string }): Promise<ServiceResponse> {
  const { context, image, options, policy, isGathered } = data
  const { signal, idleTimeoutMs, prefer = [] } = options
  const response = await context.client
    .request({
      method: 'GET',
      path: path`/images/${image.id}/file`,
      query: prefer.length > 0 ? [['prefer', prefer.join(',')]] : [],
      headers: { ...headers },
      // Bad request, range not satisfiable, not implemented: a store, or a proxy in front of it, without such a range.
      accept: headers.range === undefined ? [] : [400, 416, 501],
      retry: policy,
      timeouts: idleTimeoutMs === undefined ? {} : { idleTimeoutMs },
      isGathered,
      signal,
    })
    .catch(async (error: unknown) => {
      throw error instanceof ForbiddenError ? await explained(data, error) : error
    })
  if (response.status !== 204 || image.size === 0) return response
  await response.discard()
  throw noData(image)
}

/** An image may be deactivated while it is being fetched. */
async function explained({ context, image, options }: ImageData, error: ForbiddenError): Promise<Error> {
  const now = await getImage(context, image, { signal: options.signal }).catch(() => image)
  if (now.status !== 'deactivated') return error
  return new ImageStatusError(`the image ${image.id} is deactivated, which blocks its download`, now.status, {
    cause: error,
    hint: 'an administrator can reactivate it',
  })
}

function noData(image: Image): ImageStatusError {
  return new ImageStatusError(`the image ${image.id} is ${image.status} and has no data to download`, image.status)
}
