import { ImageStatusError } from '../../errors/image-errors.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { type SourceLike, toSource } from '../../sources/to-source.js'
import { withDeadline } from '../../transfer/deadline.js'
import type { ImageContext } from './context.js'
import { getImage } from './get.js'
import type { ImageRef } from './image.js'
import { updateImage } from './update.js'
import { removeUnlessTaken } from './upload/after-failure.js'
import type { UploadOptions, UploadResult } from './upload/options.js'
import { UploadPipeline, type UploadTarget } from './upload/pipeline.js'

/**
 * Uploads data to an image that has none yet. Resolves when the image is active and its data is verified; data that the
 * server stored incorrectly is deactivated, so that it cannot be booted.
 */
export async function uploadImage(
  context: ImageContext,
  image: ImageRef,
  data: SourceLike,
  options: UploadOptions = {},
): Promise<UploadResult> {
  return withDeadline(options.deadlineMs, options.signal, async (signal) => {
    const inTime = { ...options, signal }
    const upload = new UploadPipeline(context, toSource(data), inTime)
    const { sent, report } = await upload.fill(() => queuedRecord(context, image, inTime))
    const { image: active, verdict, bytes, osHashAlgo, osHashValue } = sent
    return { image: active, verdict, bytes, osHashAlgo, osHashValue, ...report }
  })
}

/** An existing record as a target. @throws ImageStatusError when the image already has data; UsageError when it is declared as another format */
export async function queuedRecord(
  context: ImageContext,
  image: ImageRef,
  options: Pick<UploadOptions, 'diskFormat' | 'keepOnFailure' | 'signal'>,
): Promise<UploadTarget> {
  const { diskFormat: wanted = 'auto', keepOnFailure = true, signal } = options
  const record = await getImage(context, image, { signal })
  const { id, status } = record
  if (status !== 'queued') {
    throw new ImageStatusError(`the image ${id} is ${status}: only a queued image takes data`, status, {
      hint: 'data is never replaced: create a new image',
    })
  }
  if (record.diskFormat !== null && wanted !== 'auto' && wanted !== record.diskFormat) {
    throw new UsageError(`the image ${id} is declared as ${record.diskFormat}`, {
      hint: 'change it with update first, or leave diskFormat out',
    })
  }
  const containerFormat = record.containerFormat ?? 'bare'
  return {
    id,
    diskFormat: record.diskFormat ?? wanted,
    containerFormat,
    keepOnFailure,
    isReplaceable: false,
    async claim(diskFormat, properties) {
      const changes = { diskFormat, containerFormat, ...(properties && { properties }) }
      await updateImage(context, record, changes, { signal })
      return id
    },
    remove: (_, error) => removeUnlessTaken(context, id, error),
  }
}
