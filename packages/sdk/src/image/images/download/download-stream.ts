import { bestHash, compareHash, type ExpectedHash, unverifiable } from '../image-hash.js'
import { withinDeadline } from '../../../transfer/deadline.js'
import { meterProgress } from '../../../transfer/progress.js'
import { webStream } from '../../../transfer/web-stream.js'
import type { ExpectedChecksum } from '../../../sources/checksum/expected-checksum.js'
import { comparePublished, publishedChecksum } from '../../../sources/checksum/published-checksum.js'
import type { ImageContext } from '../context.js'
import type { Image, ImageRef } from '../image.js'
import { type ImageData, imageData, type RangeMemory, readSpan, recordWithData, wholeOf } from './image-data.js'
import { checkDownloadOptions, type DownloadOptions } from './options.js'

/** An image's data, to be read by the caller. */
export interface ImageDownload {
  /** Errors at its end with an IntegrityError when size or hash differ from the image's. Cancel it to stop. */
  readonly stream: ReadableStream<Uint8Array>
  /** As it was when the download began. */
  readonly image: Image
}

/** Downloads the data as a stream that is fetched as fast as it is read, and resumed when a connection breaks off. */
export async function downloadStream(
  context: ImageContext,
  ranges: RangeMemory,
  ref: ImageRef,
  options: DownloadOptions,
): Promise<ImageDownload> {
  checkDownloadOptions(options)
  const limited = { ...options, signal: withinDeadline(options.signal, options.deadlineMs) }
  const image = await recordWithData(context, ref, limited)
  const expected = await bestHash(context.platform, image)
  if (!expected && options.requireVerified === true) throw unverifiable(image)
  const published = await publishedChecksum(context.platform, limited.checksum, 'the stream', limited.signal)
  const data = verifiedData(imageData(context, ranges, image, limited), expected, published)
  // The response is awaited here, so that a refusal is thrown before there is a stream.
  const first = await data.next()
  return { image, stream: webStream(data, first) }
}

/** @throws IntegrityError at its end, when size or hash differ from the record's; ChecksumMismatch */
async function* verifiedData(
  source: ImageData,
  expected: ExpectedHash | undefined,
  published: ExpectedChecksum | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { context, image, options } = source
  const meter = meterProgress(options.onProgress, 'download', { total: image.size ?? undefined })
  const wanted = [expected, published].flatMap((each) => (each ? [each.algorithm] : []))
  const algorithms = [...new Set(wanted)]
  const hash = await context.platform.createHash(algorithms, image.size ?? undefined)
  try {
    const data = readSpan(source, wholeOf(image), {
      onRestart: () => meter.restart(),
      onSkipped: (bytes) => meter.add(bytes),
    })
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
    meter.stop()
    hash.dispose()
  }
}
