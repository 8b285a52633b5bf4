import { ImageStatusError } from '../../../errors/image-errors.js'
import { IntegrityError } from '../../../errors/transfer-errors.js'
import { UsageError } from '../../../errors/tyrax-error.js'
import { type SourceLike, toSource } from '../../../sources/to-source.js'
import { withDeadline } from '../../../transfer/deadline.js'
import { noteKept, removeAfterFailure, withdraw } from '../cleanup.js'
import type { ImageContext } from '../context.js'
import { getImage } from '../get.js'
import type { ImageRef } from '../image.js'
import { joinReports, openSource } from '../source/open-source.js'
import { updateImage } from '../update.js'
import { inspectData } from './inspect-data.js'
import type { UploadOptions, UploadResult } from './options.js'
import { sendData } from './send-data.js'
import { settle } from './settle.js'

/** How long a broken upload may take to put its image back to `queued`. */
const settleMs = 30_000

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
  const { signal, keepOnFailure = true } = options
  /** The image, once it is about to be filled. */
  let id: string | undefined
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
    const opened = await openSource(context, source, declared)
    source = opened.source
    const { diskFormat, source: ready, report } = await inspectData(opened, declared)
    id = record.id
    await updateImage(context, record, { diskFormat, containerFormat }, { signal })
    return { ...(await sendData(context, record.id, ready, options)), ...joinReports(opened.report(), report) }
  } catch (error) {
    if (id !== undefined && !keepOnFailure) await removeUnlessTaken(context, id, error)
    else if (id !== undefined && error instanceof IntegrityError) await withdraw(context, id, error)
    else if (id !== undefined) noteKept(id, error)
    throw error
  } finally {
    await source.close?.()
  }
}

/** An image that holds data, or is just getting some, may be somebody else's by now; ours is wrong, or `queued` again. */
async function removeUnlessTaken(context: ImageContext, id: string, error: unknown): Promise<void> {
  const signal = AbortSignal.timeout(2 * settleMs)
  const now = await settle(context, id, { savingMs: settleMs }, { signal }).catch(() => undefined)
  if (now?.status === 'queued' || error instanceof IntegrityError) await removeAfterFailure(context, id, error)
}
