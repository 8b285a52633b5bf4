import { AbortError } from '../../errors/connection-errors.js'
import { NotFoundError } from '../../errors/http-error.js'
import { addHint, TyraxError } from '../../errors/tyrax-error.js'
import { isUnreachable } from '../../retry/failures.js'
import { deactivateImage, deleteImage } from './actions.js'
import type { ImageContext } from './context.js'

/** A cleanup is not to hold up the news of what went wrong for longer than this. */
const cleanupLimitMs = 60_000

/** Removes an image that a failed call has made. What cannot be removed is noted on the error, not thrown. */
export async function removeAfterFailure(context: ImageContext, id: string, error: unknown): Promise<void> {
  if (isUnreachable(error)) {
    leaveBehind(error, id, error)
    return
  }
  try {
    await deleteImage(context, id, { signal: AbortSignal.timeout(cleanupLimitMs) })
  } catch (cause) {
    if (!(cause instanceof NotFoundError)) {
      leaveBehind(error, id, cause)
      return
    }
  }
  if (error instanceof AbortError)
    addHint(error, `the image ${id} was removed, and nothing of it is left: create it again`)
}

/** Deactivates an image that holds other data than it should, so that nobody boots it. */
export async function withdraw(context: ImageContext, id: string, error: unknown): Promise<void> {
  try {
    await deactivateImage(context, id, { signal: AbortSignal.timeout(cleanupLimitMs) })
  } catch (cause) {
    leaveBehind(error, id, cause)
  }
}

/** Notes on a transfer that was stopped where it can be taken up. */
export function noteKept(id: string, error: unknown): void {
  if (error instanceof AbortError) addHint(error, `the image ${id} is kept, without data: upload to it again`)
}

/** Notes on an error what it leaves on the server. */
function leaveBehind(error: unknown, imageId: string, cause: unknown): void {
  if (error instanceof TyraxError) error.leftBehind = { imageId, cause }
}
