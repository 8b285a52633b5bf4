import { imageStatuses, type KnownImageStatus } from '@tyrax/protocol'
import { TimeoutError } from '../../errors/connection-errors.js'
import { NotFoundError } from '../../errors/http-error.js'
import { ImageStatusError } from '../../errors/image-errors.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { policies } from '../../retry/policies.js'
import { sleep } from '../../retry/sleep.js'
import type { ImageContext } from './context.js'
import { getImage } from './get.js'
import type { Image, ImageRef } from './image.js'
import { imageId } from './image-id.js'

/** What `images.wait` takes. */
export interface WaitOptions {
  /** @default 'active' */
  readonly for?: KnownImageStatus | undefined
  /** In milliseconds. @default none */
  readonly timeoutMs?: number | undefined
  /** Between two polls, in milliseconds. @default 2_000 */
  readonly intervalMs?: number | undefined
  /** Called after each poll. */
  readonly onPoll?: ((image: Image) => void) | undefined
  /** @deprecated The old name of `onPoll`. */
  readonly onLook?: ((image: Image) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Polls an image until it has a status. A failed upload or import resets an image to `queued`, so `queued` after work
 * was seen ends the wait as well. Transient failures of network and server do not.
 * @throws ImageStatusError when the status can no longer be reached; TimeoutError past the deadline, with the last
 * status
 */
export async function waitForImage(context: ImageContext, ref: ImageRef, options: WaitOptions = {}): Promise<Image> {
  const { for: wanted = 'active', timeoutMs, intervalMs = 2000, onPoll = options.onLook, signal } = options
  if (!(imageStatuses as readonly string[]).includes(wanted)) {
    throw new UsageError(`images have no status ${wanted}`, { hint: `use one of ${imageStatuses.join(', ')}` })
  }
  const id = imageId(ref)
  const began = performance.now()
  let last: Image | undefined
  let worked = false
  for (let failures = 0; ;) {
    try {
      const image = await getImage(context, id, { signal })
      failures = 0
      last = image
      onPoll?.(image)
      if (image.status === wanted) return image
      if (hopeless(image.status, wanted, worked)) throw ended(image, wanted, worked)
      worked ||= working.includes(image.status)
    } catch (error) {
      if (error instanceof NotFoundError) return gone(id, wanted, last, error)
      failures += 1
      const isPatient = timeoutMs !== undefined || failures <= policies.wait.retries
      if (!isPatient || !policies.wait.isWorthRetrying(error)) throw error
    }
    if (timeoutMs !== undefined && performance.now() - began + intervalMs > timeoutMs) {
      const status = last?.status ?? 'unknown'
      throw new TimeoutError(`the image ${id} is not ${wanted} after ${timeoutMs} ms: it is ${status}`, {
        limit: 'deadline',
        timeoutMs,
      })
    }
    await sleep(intervalMs, signal)
  }
}

const working: readonly string[] = ['saving', 'uploading', 'importing']

function hopeless(status: string, wanted: string, worked: boolean): boolean {
  if (status === 'queued') return worked
  if (wanted === 'deleted') return false
  if (status === 'active') return wanted === 'queued' || working.includes(wanted)
  return status === 'killed' || status === 'deleted' || status === 'pending_delete' || status === 'deactivated'
}

function ended(image: Image, wanted: string, worked: boolean): ImageStatusError {
  const back = image.status === 'queued' && worked
  return new ImageStatusError(
    back
      ? `the image ${image.id} went back to queued: its upload or import failed`
      : `the image ${image.id} is ${image.status} and will not become ${wanted}`,
    image.status,
  )
}

function gone(id: string, wanted: string, last: Image | undefined, cause: NotFoundError): Image {
  if (last && wanted === 'deleted') return { ...last, status: 'deleted' }
  if (!last) throw cause
  throw new ImageStatusError(`the image ${id} was deleted while waiting for it`, 'deleted', { cause })
}
