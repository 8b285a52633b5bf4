import { hashSource } from '../../hashing/hash-source.js'
import { publishedChecksum } from '../../sources/checksum/published-checksum.js'
import type { Source } from '../../sources/source.js'
import { metered } from '../../transfer/progress.js'
import { holdsBytes, type KnownBytes } from '../copy/same-bytes.js'
import type { ImageContext } from '../images/context.js'
import { bestHash } from '../images/image-hash.js'
import type { Image } from '../images/image.js'
import { inspectData } from '../images/upload/inspect-data.js'
import { checksumIn, type DeclaredFormats, openSource } from '../images/upload/open-source.js'
import type { SendOptions, SourceOptions } from '../images/upload/options.js'

/** The data of a source, as far as it had to be read to tell which images hold it. */
export interface Content {
  readonly bytes: KnownBytes
  /** What it would be declared as; undefined for a source that can be read only once. */
  readonly diskFormat: string | undefined
}

/**
 * Finds out what tells the data from that of the images. It is read, decompressed, only when neither its size nor a
 * published hash is enough, and it can be read again to be sent.
 * @throws SourceError, DiskImageRefused and DiskFormatMismatch for data that would not be sent either
 */
export async function contentOf(
  context: ImageContext,
  source: Source,
  declared: DeclaredFormats,
  images: readonly Image[],
  options: SendOptions & SourceOptions,
): Promise<Content> {
  const { platform } = context
  const { signal } = options
  await source.prepare(signal)
  if (!source.replayable) return { bytes: { size: undefined, hashes: [] }, diskFormat: undefined }
  const opened = await openSource(context, source, declared, options)
  try {
    const quiet = { ...options, onProgress: undefined, onWarning: undefined }
    const { diskFormat } = await inspectData(opened, declared, quiet)
    const isAsStored = opened.report().decompressed === undefined
    const published = await publishedChecksum(platform, checksumIn(options), source.label, signal)
    const hashes = isAsStored ? [...(source.hashes ?? []), ...(published ? [published] : [])] : []
    const bytes = { size: isAsStored ? source.size : undefined, hashes }
    const doubtful = images.filter((image) => holdsBytes(image, bytes) === undefined)
    for (const image of doubtful) {
      const wanted = await bestHash(platform, image)
      if (!wanted || hashes.some(({ algorithm }) => algorithm === wanted.algorithm)) continue
      const total = opened.source.size
      const value = await metered(options.onProgress, 'verify', { total }, (meter) =>
        hashSource(platform, opened.source, wanted.algorithm, { signal, onChunk: (count) => meter.add(count) }),
      )
      if (value !== undefined) hashes.push({ algorithm: wanted.algorithm, value })
    }
    return { bytes, diskFormat }
  } finally {
    await opened.source.close?.()
  }
}
