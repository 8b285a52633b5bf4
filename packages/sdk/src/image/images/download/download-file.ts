import { AbortError } from '../../../errors/connection-errors.js'
import { ChecksumMismatch, IntegrityError } from '../../../errors/transfer-errors.js'
import { addHint, UsageError } from '../../../errors/tyrax-error.js'
import { unverifiable } from '../expected-hash.js'
import type { DataIdentity, FileTarget } from '../../../platform/platform.js'
import { withDeadline } from '../../../transfer/deadline.js'
import { meterProgress } from '../../../transfer/progress.js'
import type { OnDamaged } from '../../../transfer/damage.js'
import type { Verdict } from '../../../transfer/verdict.js'
import type { ImageContext } from '../context.js'
import type { Image, ImageRef } from '../image.js'
import { fetchInto } from './fetch-into.js'
import { type DataOrigin, dataOrigin, recordWithData } from './open-data.js'
import type { SourceChecksum } from '../source/open-source.js'
import { checkDownloadOptions, type DownloadOptions } from './options.js'
import { comparePublished, publishedChecksum } from './published-checksum.js'
import type { RangeMemory } from './range-memory.js'
import { bestHash, compareHash } from './verify-data.js'

export interface FileDownloadOptions extends DownloadOptions {
  /** The file to write. It appears under this name only when it is whole and verified; until then it is `<name>.part`. */
  readonly to: string
  /** Replace a file that is there. @default false */
  readonly overwrite?: boolean | undefined
  /**
   * Leave what came, for another download to go on with, when this one fails. Data that is wrong is removed in any case.
   * @default true, unless `resume` is false
   */
  readonly keepOnFailure?: boolean | undefined
  /** Called with what was wrong when the bytes came damaged, before they are fetched once more from the beginning. */
  readonly onDamaged?: OnDamaged | undefined
}

/** A file that has been written. */
export interface FileDownload {
  /** Absolute. */
  readonly path: string
  readonly bytes: number
  /** Of these, the ones that an earlier download had left. They are hashed like the others. */
  readonly resumedBytes: number
  /** `mismatch` is never a result but an IntegrityError, and no file. */
  readonly verdict: Verdict
  /** The published checksum, when one was given. Another one is an error, and no file. */
  readonly sourceChecksum?: SourceChecksum
  readonly image: Image
}

/**
 * The data as a file: `.part`, compared, synced to the disk, renamed. What a failure leaves is gone on with. Bytes that
 * came damaged are fetched once more, from the beginning.
 * @throws IntegrityError, ChecksumMismatch when they are wrong the second time too
 */
export async function downloadFile(
  context: ImageContext,
  ranges: RangeMemory,
  ref: ImageRef,
  options: FileDownloadOptions,
): Promise<FileDownload> {
  checkDownloadOptions(options)
  if (options.resume === false && options.keepOnFailure === true) {
    throw new UsageError('without resume nothing is kept for another download', {
      hint: 'leave keepOnFailure (--keep-on-failure) out, or resume',
    })
  }
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
  const image = await recordWithData(context, ref, options)
  const expected = await bestHash(context.platform, image)
  if (!expected && options.requireVerified === true) throw unverifiable(image)
  const published = await publishedChecksum(context, options, options.to)
  const target = await context.platform.openTarget(options.to, {
    overwrite: options.overwrite,
    sizeBytes: image.size ?? undefined,
    identity: options.resume === false || image.size === null ? undefined : identityOf(image),
    algorithm: (expected ?? published)?.algorithm,
  })
  const origin = dataOrigin(context, remembering(ranges, target), image, options)
  const compareOther = (actual: string | undefined) => comparePublished(target.path, published, actual)
  const verify = async (bytes: number): Promise<Compared> => {
    const digest = await target.digest(bytes)
    const verdict = compareHash(image, expected, digest)
    if (!published) return { verdict }
    const isOther = expected !== undefined && expected.algorithm !== published.algorithm
    const actual = isOther ? await target.digestWith(published.algorithm, bytes) : digest
    if (verdict !== 'verified') compareOther(actual)
    return { verdict, actual }
  }
  try {
    const { bytes, resumed, verdict, actual } = await fillVerified(origin, target, verify, options.onDamaged)
    // These are the bytes that the server has: fetching them once more would bring no others.
    const sourceChecksum = compareOther(actual)
    await target.commit()
    return {
      path: target.path,
      bytes,
      resumedBytes: resumed,
      verdict,
      ...(sourceChecksum && { sourceChecksum }),
      image,
    }
  } catch (error) {
    throw await leave(target, error, image, options.keepOnFailure ?? true)
  }
}

interface Compared {
  readonly verdict: Verdict
  /** The digest to compare with the published one. */
  readonly actual?: string | undefined
}

interface Filled extends Compared {
  readonly bytes: number
  readonly resumed: number
}

/** What turns out wrong is fetched once more, from the first byte: what an earlier download left may be what is wrong. */
async function fillVerified(
  origin: DataOrigin,
  target: FileTarget,
  verify: (bytes: number) => Promise<Compared>,
  onDamaged: OnDamaged | undefined,
): Promise<Filled> {
  try {
    return await fill(origin, target, target.kept, verify)
  } catch (error) {
    if (!isWrong(error)) throw error
    await target.restart()
    onDamaged?.(error)
    return fill(origin, target, 0, verify)
  }
}

async function fill(
  origin: DataOrigin,
  target: FileTarget,
  start: number,
  verify: (bytes: number) => Promise<Compared>,
): Promise<Filled> {
  const { image, options } = origin
  const meter = meterProgress(options.onProgress, 'download', image.size ?? undefined)
  meter.add(start)
  const bytes = await fetchInto(origin, target, { start, meter })
  meter.end()
  return { bytes, resumed: start, ...(await verify(bytes)) }
}

/** What stays the same as long as the data does. Without a hash, any change of the record may be one of the data. */
function identityOf(image: Image): DataIdentity {
  const { id, size, osHashAlgo, osHashValue, checksum, updatedAt } = image
  const hasHash = osHashValue !== null || checksum !== null
  return { imageId: id, size, osHashAlgo, osHashValue, checksum, updatedAt: hasHash ? null : updatedAt.toISOString() }
}

/** What an earlier download of the same image found out counts, and what this one does is left to the next. */
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

/** Not only too few. */
function isWrong(error: unknown): error is IntegrityError | ChecksumMismatch {
  if (error instanceof ChecksumMismatch) return true
  if (!(error instanceof IntegrityError)) return false
  return error.what !== 'size' || !(Number(error.actual) < Number(error.expected))
}

/** Wrong bytes are removed, others kept; the error says so. */
async function leave(target: FileTarget, error: unknown, image: Image, keeps: boolean): Promise<unknown> {
  if (isWrong(error)) {
    await target.discard()
    return error
  }
  const left = keeps ? await target.keep() : await target.discard().then(() => 0)
  if (left > 0) {
    addHint(error, `${target.path}.part keeps ${left} of ${image.size} bytes: run the same download again to go on`)
  } else if (error instanceof AbortError) {
    addHint(error, `nothing is left at ${target.path}: run the same download again`)
  }
  return error
}
