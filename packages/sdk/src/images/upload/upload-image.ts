import { ImageStatusError } from '../../errors/image-errors.js'
import { IntegrityError } from '../../errors/transfer-errors.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { type SourceLike, toSource } from '../../sources/to-source.js'
import { withDeadline } from '../../transfer/deadline.js'
import { deactivateImage } from '../actions.js'
import { leaveBehind } from '../cleanup.js'
import type { ImageContext } from '../context.js'
import { getImage } from '../get.js'
import type { ImageRef } from '../image.js'
import { openSource } from '../source/open-source.js'
import { updateImage } from '../update.js'
import { inspectData } from './inspect-data.js'
import type { UploadOptions, UploadResult } from './options.js'
import { sendData } from './send-data.js'

/**
 * Gives data to an image that has none yet. Resolves when it is active and what was sent; data that the server stored
 * otherwise is deactivated, so that nobody boots it.
 */
export async function uploadImage(
  context: ImageContext,
  image: ImageRef,
  data: SourceLike,
  options: UploadOptions = {},
): Promise<UploadResult> {
  const { deadlineMs, ...rest } = options
  return withDeadline(deadlineMs, options.signal, (signal) => uploadInTime(context, image, data, { ...rest, signal }))
}

async function uploadInTime(
  context: ImageContext,
  image: ImageRef,
  data: SourceLike,
  options: UploadOptions,
): Promise<UploadResult> {
  let source = toSource(data)
  const { signal } = options
  try {
    const record = await getImage(context, image, { signal })
    if (record.status !== 'queued') {
      throw new ImageStatusError(
        `the image ${record.id} is ${record.status}: only a queued image takes data`,
        record.status,
        {
          hint: 'data is never replaced: create a new image',
        },
      )
    }
    const { diskFormat: wanted = 'auto' } = options
    if (record.diskFormat !== null && wanted !== 'auto' && wanted !== record.diskFormat) {
      throw new UsageError(`the image ${record.id} is declared as ${record.diskFormat}`, {
        hint: 'change it with update first, or leave diskFormat out',
      })
    }
    const containerFormat = record.containerFormat ?? 'bare'
    const declared = { ...options, containerFormat, diskFormat: record.diskFormat ?? wanted }
    const opened = await openSource(context.platform, source, declared)
    source = opened.source
    const diskFormat = await inspectData(source, declared)
    await updateImage(context, record, { diskFormat, containerFormat }, { signal })
    return { ...(await sendData(context, record.id, source, options)), ...opened.report() }
  } catch (error) {
    if (error instanceof IntegrityError) await withdraw(context, image, error)
    throw error
  } finally {
    await source.close?.()
  }
}

async function withdraw(context: ImageContext, image: ImageRef, error: IntegrityError): Promise<void> {
  try {
    await deactivateImage(context, image)
  } catch (cause) {
    leaveBehind(error, typeof image === 'string' ? image : image.id, cause)
  }
}
