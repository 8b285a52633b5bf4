import { UsageError } from '../errors/tyrax-error.js'
import { checkedSource, comparableHash } from '../sources/checksum/checked-source.js'
import type { Source } from '../sources/source.js'
import { type SourceLike, toSource } from '../sources/to-source.js'
import { meterProgress } from '../transfer/progress.js'
import type { ObjectContext } from './context.js'
import { metadataHeaders, toHeaderText } from './headers.js'
import { type StorageLimits, stockLimits } from './large/limits.js'
import type { PutOutcome, PutReport, PutRequest } from './large/put-request.js'
import { putInSegments, putStreamInSegments } from './large/put-segmented.js'
import { defaultSegmentContainer } from './large/segment-plan.js'
import { type ObjectAddress, objectPath } from './address.js'
import { checkPutOptions, defaultConcurrency, defaultSegmentSizeBytes, type ObjectPutOptions } from './put-options.js'
import { putPlain } from './put-plain.js'
import { StorageObject } from './storage-object.js'

/** The object that a put has made, and how. */
export type StoredObject = StorageObject & PutReport

/** A stream that ends within this number of bytes is sent like an object of known size. */
const peekedBytes = 1024 * 1024

/** Stores bytes as a plain object or as a large one; see {@link ObjectPutOptions}. */
export async function putObject(
  context: ObjectContext,
  at: ObjectAddress,
  data: SourceLike,
  options: ObjectPutOptions,
): Promise<StoredObject> {
  const { contentType = 'application/octet-stream', contentEncoding, metadata = {}, signal } = options
  objectPath(at)
  checkPutOptions(options)
  toHeaderText('contentType', contentType)
  const headers = {
    ...metadataHeaders('object', metadata),
    ...(contentEncoding !== undefined && { 'content-encoding': toHeaderText('contentEncoding', contentEncoding) }),
  }
  const source = toSource(data)
  try {
    await source.prepare(signal)
    const limits = await limitsFor(context, source, options)
    const meter = meterProgress(options.onProgress, 'upload', { total: source.size })
    const request: PutRequest = { at, source, contentType, headers, meter, signal }
    const { etag, bytes, lastModified, ...report } = await put(context, request, limits, options).finally(() =>
      meter.stop(),
    )
    const kept = Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key.toLowerCase(), value]))
    const object = new StorageObject(context, {
      ...at,
      bytes,
      etag,
      contentType,
      contentEncoding,
      lastModified,
      metadata: kept,
      large: report.segmentCount > 0 ? 'static' : undefined,
    })
    return Object.assign(object, report)
  } finally {
    await source.close?.()
  }
}

/**
 * The server's limits if the object may need segments; undefined when it is stored in one piece.
 * @throws UsageError for data that the server would not accept
 */
async function limitsFor(
  context: ObjectContext,
  source: Source,
  options: ObjectPutOptions,
): Promise<StorageLimits | undefined> {
  const { segmented, segmentSizeBytes, signal } = options
  const { size } = source
  if (size === 0) return undefined
  const threshold = segmentSizeBytes ?? segmentSize(context, source)
  if (segmented === false || (segmented === undefined && size !== undefined && size <= threshold)) {
    // The limit of most servers: below it, there is no need to ask.
    if (size === undefined || size <= stockLimits.maxObjectBytes) return undefined
  }
  if (segmented !== true && size === undefined) {
    const enough = Math.min(peekedBytes, threshold + 1)
    if ((await source.peek(enough, signal)).byteLength < enough) return undefined
  }
  const limits = await context.limits(signal)
  const isPossible = limits.support === 'supported' || (limits.support === 'unknown' && segmented === true)
  if (segmented !== false && isPossible) return checkedSegmentSize(limits, segmentSizeBytes)
  if (segmented === true) {
    throw new UsageError('this server has no static large objects, so nothing can be stored in segments', {
      hint: 'leave segmented (--segmented) out',
    })
  }
  if (size !== undefined && size > limits.maxObjectBytes) throw tooLarge(source, size, limits, segmented)
  return undefined
}

async function put(
  context: ObjectContext,
  request: PutRequest,
  limits: StorageLimits | undefined,
  options: ObjectPutOptions,
): Promise<PutOutcome> {
  if (!limits) return putPlain(context, request)
  const { at, source } = request
  const segmented = {
    ...request,
    limits,
    segmentContainer: options.segmentContainer ?? defaultSegmentContainer(at.container),
    segmentSizeBytes: options.segmentSizeBytes ?? Math.min(segmentSize(context, source), limits.maxObjectBytes),
    concurrency: options.concurrency ?? defaultConcurrency,
    resume: options.resume ?? true,
    keepOnFailure: options.keepOnFailure ?? false,
    forced: options.segmented === true,
  }
  const { size } = source
  if (size !== undefined && size <= segmented.segmentSizeBytes && !segmented.forced) return putPlain(context, request)
  const expected = await comparableHash(context.platform, source.hashes)
  // A hash of all of it can only be compared while it is read from its beginning to its end.
  if (expected) {
    return putStreamInSegments(context, { ...segmented, source: checkedSource(source, expected, context.platform) })
  }
  const isAnywhere = (source.seekable ?? source.replayable) && size !== undefined
  return isAnywhere ? putInSegments(context, segmented) : putStreamInSegments(context, segmented)
}

/**
 * In browsers, bytes that are not a Blob have to be collected before they are sent, so all segments in progress have to
 * fit.
 */
function segmentSize({ client }: ObjectContext, source: Source): number {
  if (!client.wholeBodies || source.blob) return defaultSegmentSizeBytes
  return Math.min(defaultSegmentSizeBytes, Math.floor(client.wholeBodies.maxBufferedBytes / defaultConcurrency))
}

function checkedSegmentSize(limits: StorageLimits, wanted: number | undefined): StorageLimits {
  const { minSegmentBytes, maxObjectBytes } = limits
  if (wanted === undefined || (wanted >= minSegmentBytes && wanted <= maxObjectBytes)) return limits
  throw new UsageError(
    `segmentSizeBytes (--segment-size) is ${wanted}: this server takes segments from ${minSegmentBytes} to ${maxObjectBytes} bytes`,
  )
}

function tooLarge(source: Source, size: number, limits: StorageLimits, segmented: boolean | undefined): UsageError {
  const what = `${source.label} has ${size} bytes, and this server takes objects of up to ${limits.maxObjectBytes}`
  if (segmented === false)
    return new UsageError(what, {
      hint: 'leave segmented: false (--no-segmented) out, so that it is cut into segments',
    })
  return limits.support === 'unknown'
    ? new UsageError(`${what}; it does not report whether it has static large objects (its /info cannot be read)`, {
        hint: 'use segmented: true (--segmented) to try',
      })
    : new UsageError(`${what}, and has no static large objects to cut it into`, { hint: 'store it in several objects' })
}
