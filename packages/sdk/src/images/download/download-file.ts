import type { FileTarget } from '../../platform/platform.js'
import type { Verdict } from '../../transfer/verdict.js'
import type { ImageContext } from '../context.js'
import type { Image, ImageRef } from '../image.js'
import type { TransferOptions } from '../upload/options.js'
import { openData, recordWithData } from './open-data.js'
import { type ReadData, verifiedData } from './verified-data.js'

export interface FileDownloadOptions extends TransferOptions {
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
  /** `mismatch` is never a result but an IntegrityError, and no file. */
  readonly verdict: Verdict
  readonly image: Image
}

/** The data as a file: `.part`, compared, synced to the disk, renamed. */
export async function downloadFile(
  context: ImageContext,
  ref: ImageRef,
  options: FileDownloadOptions,
): Promise<FileDownload> {
  const image = await recordWithData(context, ref, options)
  const target = await context.platform.openTarget(options.to, {
    overwrite: options.overwrite,
    sizeBytes: image.size ?? undefined,
  })
  try {
    const response = await openData(context, image, options)
    const data = verifiedData(context.platform, image, response.body, options.onProgress)
    const { bytes, verdict } = await writeAll(data, target)
    await target.commit()
    return { path: target.path, bytes, verdict, image }
  } finally {
    // Does nothing after `commit`.
    await target.discard()
  }
}

/** A target that cannot take more ends the transfer too. */
async function writeAll(data: AsyncGenerator<Uint8Array, ReadData, undefined>, target: FileTarget): Promise<ReadData> {
  try {
    for (;;) {
      const result = await data.next()
      if (result.done) return result.value
      const writing = target.write(result.value)
      if (writing) await writing
    }
  } finally {
    await data.return({ bytes: 0, verdict: 'unverifiable' })
  }
}
