import { sayWhatIsLeft, wasCutShort } from '../../../errors/cut-short.js'
import { NotFoundError, OverLimitError } from '../../../errors/http-error.js'
import { IntegrityError } from '../../../errors/transfer-errors.js'
import { TyraxError } from '../../../errors/tyrax-error.js'
import { isUnreachable } from '../../../retry/failures.js'
import { deactivateImage, deleteImage } from '../actions.js'
import type { ImageContext } from '../context.js'
import { waitWhileSaving } from './wait-while-saving.js'

/** A cleanup must not delay the report of the failure for longer than this. */
const cleanupLimitMs = 60_000

/** Removes an image that a failed call has created. If that fails, it is noted on the error, not thrown. */
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
  if (wasCutShort(error))
    sayWhatIsLeft(error, `the image ${id} was removed, and nothing of it is left: create it again`)
}

/** How long a broken upload may take to put its image back to `queued`. */
const savingMs = 30_000

/**
 * Like {@link removeAfterFailure}, for an image that existed before the call: one that holds data, or is receiving
 * some, may be another client's upload by now; ours is stored incorrectly, or `queued` again.
 */
export async function removeUnlessTaken(context: ImageContext, id: string, error: unknown): Promise<void> {
  const signal = AbortSignal.timeout(2 * savingMs)
  const now = await waitWhileSaving(context, id, { savingMs }, { signal }).catch(() => undefined)
  if (now?.status === 'queued' || error instanceof IntegrityError) await removeAfterFailure(context, id, error)
}

/** Deactivates an image that holds other data than it should, so that it cannot be booted. */
export async function withdraw(context: ImageContext, id: string, error: unknown): Promise<void> {
  try {
    await deactivateImage(context, id, { signal: AbortSignal.timeout(cleanupLimitMs) })
  } catch (cause) {
    leaveBehind(error, id, cause)
  }
}

/** Notes on the error of an upload that was cut short that the image is kept and can be uploaded to again. */
export function noteKept(id: string, error: unknown): void {
  if (wasCutShort(error)) sayWhatIsLeft(error, `the image ${id} is kept, without data: upload to it again`)
}

/** Notes on an error what remains on the server. */
function leaveBehind(error: unknown, imageId: string, cause: unknown): void {
  if (error instanceof TyraxError) error.leftBehind = { imageId, cause }
}

/** Looking up the quotas must not delay the report of the failure for longer than this. */
const usageLimitMs = 10_000

/**
 * Adds the usage of every quota to a 413 as its hint, where the cloud reports it; other errors are returned unchanged.
 * GET /v2/info/usage works whatever version is advertised, and is empty on clouds without Keystone's limits.
 */
export async function withUsage(context: ImageContext, error: unknown): Promise<unknown> {
  if (!(error instanceof OverLimitError) || error.hint !== undefined) return error
  const usage = await readUsage(context).catch(() => undefined)
  if (!usage) return error
  const { status, message, code, requestId, method, url, headers } = error
  const details = { status, message, code, requestId, method, url, headers, hint: `quotas of this project: ${usage}` }
  return new OverLimitError(details, { cause: error })
}

async function readUsage({ client }: ImageContext): Promise<string | undefined> {
  const signal = AbortSignal.timeout(usageLimitMs)
  const response = await client.request({ method: 'GET', path: '/info/usage', retry: { retries: 0 }, signal })
  const body = (await response.json()) as { usage?: Record<string, { limit?: unknown; usage?: unknown }> } | null
  const quotas = Object.entries(body?.usage ?? {}).map(([name, { limit, usage }]) => {
    // Sizes are in MiB, counts are numbers of images (glance/quota/keystone.py).
    const unit = name.includes('size') || name.includes('stage') ? ' MiB' : ''
    return `${name} ${String(usage)} of ${String(limit)}${unit}`
  })
  return quotas.length > 0 ? quotas.join(', ') : undefined
}
