import type { DataIdentity, FileTarget } from '../../../platform/platform.js'
import {
  comparePublished,
  publishedChecksum,
  type SourceChecksum,
} from '../../../sources/checksum/published-checksum.js'
import { withDeadline } from '../../../transfer/deadline.js'
import { metered } from '../../../transfer/progress.js'
import { checkSaveOptions, type SavedFile, saveFile, type SaveOptions } from '../../../transfer/save-file.js'
import type { ImageContext } from '../context.js'
import { bestHash, compareHash, unverifiable } from '../image-hash.js'
import type { Image, ImageRef } from '../image.js'
import { fetchInto } from './fetch-into.js'
import { imageData, type RangeMemory, recordWithData } from './image-data.js'
import { checkDownloadOptions, type DownloadOptions } from './options.js'

/** What `images.download` takes to write a file. */
export interface FileDownloadOptions extends DownloadOptions, SaveOptions {}

/** A file that has been written. */
export interface FileDownload extends SavedFile {
  /** The published checksum, when one was given. If it differs, the call fails and there is no file. */
  readonly sourceChecksum?: SourceChecksum
  readonly image: Image
}

/** Downloads the data to a file; see {@link saveFile}. */
export async function downloadFile(
  context: ImageContext,
  ranges: RangeMemory,
  ref: ImageRef,
  options: FileDownloadOptions,
): Promise<FileDownload> {
  checkDownloadOptions(options)
  checkSaveOptions(options)
  const { deadlineMs, signal } = options
  return context.transfers.turn(
    () => withDeadline(deadlineMs, signal, (within) => inTime(context, ranges, ref, { ...options, signal: within })),
    signal,
  )
}

async function inTime(
  context: ImageContext,
  ranges: RangeMemory,
  ref: ImageRef,
  options: FileDownloadOptions,
): Promise<FileDownload> {
  const { platform } = context
  const image = await recordWithData(context, ref, options)
  const sizeBytes = image.size ?? undefined
  const expected = await bestHash(platform, image)
  if (!expected && options.requireVerified === true) throw unverifiable(image)
  const published = await publishedChecksum(platform, options.checksum, options.to, options.signal)
  const isOther = published && expected && expected.algorithm !== published.algorithm
  return saveFile(platform, options, {
    sizeBytes,
    identity: image.size === null ? undefined : identityOf(image),
    algorithm: (expected ?? published)?.algorithm,
    async fill(target, start) {
      const data = imageData(context, remembering(ranges, target), image, options)
      const bytes = await metered(options.onProgress, 'download', { total: sizeBytes, start }, (meter) =>
        fetchInto(data, target, { start, meter }),
      )
      const digest = await target.digest(bytes)
      const verdict = compareHash(image, expected, digest)
      const actual = isOther ? await target.digestWith(published.algorithm, bytes) : digest
      if (verdict !== 'verified') comparePublished(target.path, published, actual)
      return { bytes, verdict, actual }
    },
    // A verified file has the server's bytes: fetching them again would bring the same ones.
    accept({ actual }, path) {
      const sourceChecksum = comparePublished(path, published, actual)
      return { ...(sourceChecksum && { sourceChecksum }), image }
    },
  })
}

/**
 * What stays the same as long as the data does. Without a hash, any change of the record may be a change of the data.
 */
function identityOf(image: Image): DataIdentity {
  const { id, size, osHashAlgo, osHashValue, checksum, updatedAt } = image
  const hasHash = osHashValue !== null || checksum !== null
  return { imageId: id, size, osHashAlgo, osHashValue, checksum, updatedAt: hasHash ? null : updatedAt.toISOString() }
}

/** Starts from what an earlier download of the same image learned, and leaves what this one learns to the next. */
function remembering(ranges: RangeMemory, target: FileTarget): RangeMemory {
  return {
    supports: (image) => ranges.supports(image) ?? target.ranges,
    note(image, supports) {
      if (ranges.supports(image) === supports) return undefined
      void ranges.note(image, supports)
      return target.noteRanges(supports)
    },
  }
}
