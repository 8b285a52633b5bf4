import { type ExpectedHash, unverifiable } from '../expected-hash.js'
import { meterProgress } from '../../../transfer/progress.js'
import type { ExpectedChecksum } from '../../../sources/checksum/expected-checksum.js'
import type { ImageContext } from '../context.js'
import type { Image, ImageRef } from '../image.js'
import { type DataOrigin, dataOrigin, recordWithData } from './open-data.js'
import { checkDownloadOptions, type DownloadOptions } from './options.js'
import { comparePublished, publishedChecksum } from './published-checksum.js'
import type { RangeMemory } from './range-memory.js'
import { readSpan } from './read-span.js'
import { bestHash, compareHash } from './verify-data.js'

/** An image's data, to be read by the caller. */
export interface ImageDownload {
  /** Errors at its end with an IntegrityError when size or hash are not the image's. Cancel it to stop. */
  readonly stream: ReadableStream<Uint8Array>
  /** As it was when the download began. */
  readonly image: Image
}

/** The data as a stream that is fetched as fast as it is read, and goes on when a connection breaks off. */
export async function downloadStream(
  context: ImageContext,
  ranges: RangeMemory,
  ref: ImageRef,
  options: DownloadOptions,
): Promise<ImageDownload> {
  checkDownloadOptions(options)
  const limited = { ...options, signal: withinDeadline(options) }
  const image = await recordWithData(context, ref, limited)
  const expected = await bestHash(context.platform, image)
  if (!expected && options.requireVerified === true) throw unverifiable(image)
  const published = await publishedChecksum(context, limited, 'the stream')
  const data = verifiedData(dataOrigin(context, ranges, image, limited), expected, published)
  // The answer is awaited here, so that what is refused is refused before there is a stream.
  const first = await data.next()
  return { image, stream: toWebStream(first, data) }
}

/** The deadline of a stream runs until it has been read, whoever reads it. */
function withinDeadline({ signal, deadlineMs }: DownloadOptions): AbortSignal | undefined {
  if (deadlineMs === undefined) return signal
  const deadline = AbortSignal.timeout(Math.min(deadlineMs, 2 ** 31 - 1))
  return signal ? AbortSignal.any([signal, deadline]) : deadline
}

/** @throws IntegrityError at its end, when size or hash are not the record's; ChecksumMismatch */
async function* verifiedData(
  origin: DataOrigin,
  expected: ExpectedHash | undefined,
  published: ExpectedChecksum | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { context, image, options } = origin
  const meter = meterProgress(options.onProgress, 'download', image.size ?? undefined)
  const wanted = [expected, published].flatMap((each) => (each ? [each.algorithm] : []))
  const algorithms = [...new Set(wanted)]
  const hash = await context.platform.createHash(algorithms, image.size ?? undefined)
  try {
    const data = readSpan(
      origin,
      { start: 0, end: image.size ?? Number.POSITIVE_INFINITY },
      { onRestart: () => meter.restart(), onSkipped: (bytes) => meter.add(bytes) },
    )
    for await (const chunk of data) {
      const busy = hash.update(chunk)
      if (busy) await busy
      meter.add(chunk.byteLength)
      yield chunk
    }
    const digests = await hash.digest()
    meter.end()
    compareHash(image, expected, expected && digests[expected.algorithm])
    comparePublished(`the data of ${image.id}`, published, published && digests[published.algorithm])
  } finally {
    hash.dispose()
  }
}

function toWebStream(
  first: IteratorResult<Uint8Array, void>,
  data: AsyncGenerator<Uint8Array, void, undefined>,
): ReadableStream<Uint8Array> {
  let next: IteratorResult<Uint8Array, void> | undefined = first
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const result = next ?? (await data.next())
        next = undefined
        if (result.done) controller.close()
        else controller.enqueue(result.value)
      },
      async cancel() {
        await data.return()
      },
    },
    { highWaterMark: 0 },
  )
}
