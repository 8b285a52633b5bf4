import { IntegrityError } from '../../errors/transfer-errors.js'
import { TyraxError } from '../../errors/tyrax-error.js'
import type { DataIdentity, FileTarget } from '../../platform/platform.js'
import { withDeadline } from '../../transfer/deadline.js'
import { meterProgress } from '../../transfer/progress.js'
import type { Verdict } from '../../transfer/verdict.js'
import type { ImageContext } from '../context.js'
import type { Image, ImageRef } from '../image.js'
import { fetchInto } from './fetch-into.js'
import { type DataOrigin, dataOrigin, recordWithData } from './open-data.js'
import { checkDownloadOptions, type DownloadOptions } from './options.js'
import type { RangeMemory } from './range-memory.js'
import { bestHash, compareHash } from './verify-data.js'

export interface FileDownloadOptions extends DownloadOptions {
  /** The file to write. It appears under this name only when it is whole and verified; until then it is `<name>.part`. */
  readonly to: string
  /** Replace a file that is there. @default false */
  readonly overwrite?: boolean | undefined
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
  readonly image: Image
}

/** The data as a file: `.part`, compared, synced to the disk, renamed. What a failure leaves is gone on with. */
export async function downloadFile(
  context: ImageContext,
  ranges: RangeMemory,
  ref: ImageRef,
  options: FileDownloadOptions,
): Promise<FileDownload> {
  checkDownloadOptions(options)
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
  const target = await context.platform.openTarget(options.to, {
    overwrite: options.overwrite,
    sizeBytes: image.size ?? undefined,
    identity: options.resume === false || image.size === null ? undefined : identityOf(image),
    algorithm: expected?.algorithm,
  })
  const origin = dataOrigin(context, remembering(ranges, target), image, options)
  const verify = async (bytes: number) => compareHash(image, expected, await target.digest(bytes))
  try {
    const { bytes, resumed, verdict } = await fillVerified(origin, target, verify)
    await target.commit()
    return { path: target.path, bytes, resumedBytes: resumed, verdict, image }
  } catch (error) {
    throw await leave(target, error, image)
  }
}

interface Filled {
  readonly bytes: number
  readonly resumed: number
  readonly verdict: Verdict
}

/** What was resumed and turns out wrong is fetched once more, from the first byte: what was kept may be what is wrong. */
async function fillVerified(
  origin: DataOrigin,
  target: FileTarget,
  verify: (bytes: number) => Promise<Verdict>,
): Promise<Filled> {
  const { kept } = target
  try {
    return await fill(origin, target, kept, verify)
  } catch (error) {
    if (!isWrong(error) || kept === 0) throw error
    await target.restart()
    return fill(origin, target, 0, verify)
  }
}

async function fill(
  origin: DataOrigin,
  target: FileTarget,
  start: number,
  verify: (bytes: number) => Promise<Verdict>,
): Promise<Filled> {
  const { image, options } = origin
  const meter = meterProgress(options.onProgress, 'download', image.size ?? undefined)
  meter.add(start)
  const bytes = await fetchInto(origin, target, { start, meter })
  meter.end()
  return { bytes, resumed: start, verdict: await verify(bytes) }
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
function isWrong(error: unknown): boolean {
  if (!(error instanceof IntegrityError)) return false
  return error.what !== 'size' || !(Number(error.actual) < Number(error.expected))
}

/** Wrong bytes are removed, others kept; the error says so. */
async function leave(target: FileTarget, error: unknown, image: Image): Promise<unknown> {
  if (isWrong(error)) {
    await target.discard()
    return error
  }
  const left = await target.keep()
  if (left > 0 && error instanceof TyraxError) {
    const kept = `${target.path}.part keeps ${left} of ${image.size} bytes: run the same download again to go on`
    error.hint = error.hint ? `${error.hint}; ${kept}` : kept
  }
  return error
}
