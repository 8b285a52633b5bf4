import { withDeadline } from '../../transfer/deadline.js'
import { type SourceLike, toSource } from '../../sources/to-source.js'
import type { ImageContext } from '../images/context.js'
import type { Image, ImageRef } from '../images/image.js'
import { queuedRecord } from '../images/upload.js'
import type { SourceReport, UploadOptions } from '../images/upload/options.js'
import { UploadPipeline } from '../images/upload/pipeline.js'
import { intoStaging } from '../images/upload/send-data.js'

/** What `images.stage` takes: the options of `upload` that do not depend on the store. */
export type StageOptions = Omit<UploadOptions, 'store' | 'requireVerified'>

/** The result of staging data. */
export interface StagedData extends SourceReport {
  /** As the server reports it now: `uploading`. */
  readonly image: Image
  readonly bytes: number
  /** The SHA-512 of the staged data, to compare with the image's hash after the import. */
  readonly sha512?: string
}

/**
 * PUT /v2/images/{id}/stage, with the same care as an upload: the data is inspected before, sent again after a broken
 * connection if possible, and the number of bytes is compared with what the server reports. It computes no hash yet.
 */
export async function stageImage(
  context: ImageContext,
  image: ImageRef,
  data: SourceLike,
  options: StageOptions = {},
): Promise<StagedData> {
  return withDeadline(options.deadlineMs, options.signal, async (signal) => {
    const inTime = { ...options, signal }
    const staging = new UploadPipeline(context, toSource(data), inTime, intoStaging)
    const { sent, report } = await staging.fill(() => queuedRecord(context, image, inTime))
    const { sha512 } = sent.digests
    return { image: sent.image, bytes: sent.bytes, ...(sha512 !== undefined && { sha512 }), ...report }
  })
}
