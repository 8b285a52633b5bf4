import { NotFoundError } from '../../../errors/http-error.js'
import { ImageStatusError } from '../../../errors/image-errors.js'
import { policies } from '../../../retry/policies.js'
import { sleep } from '../../../retry/sleep.js'
import type { CallOptions } from '../../../service/call-options.js'
import type { ImageContext } from '../context.js'
import { getImage } from '../get.js'
import type { Image } from '../image.js'

/** Pause between two polls of an image that the server is still working on, in milliseconds. */
const firstPauseMs = 100
const longestPauseMs = 2000

/** How long {@link waitWhileSaving} waits. */
export interface Patience {
  /** While the image is `saving`, counted from the first poll. */
  readonly savingMs: number
  /** While the server cannot be reached, because it restarts. @default 0: only as long as any other request waits */
  readonly unreachableMs?: number | undefined
  /** Whether the server still works on the data. @default while the image is `saving` or `importing` */
  readonly isBusy?: ((image: Image) => boolean) | undefined
}

const isSaving = ({ status }: Image): boolean => status === 'saving' || status === 'importing'

/**
 * Waits until the server is done with the data, whatever the result: `active`, `queued` again, or another status.
 * @throws ImageStatusError when it takes longer, or the image was deleted
 */
export async function waitWhileSaving(
  context: ImageContext,
  id: string,
  { savingMs, unreachableMs = 0, isBusy = isSaving }: Patience,
  options: CallOptions,
): Promise<Image> {
  const start = performance.now()
  let until = Number.NaN
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const image = await readImage(context, id, options).catch((error: unknown) => {
      if (!policies.saving.isWorthRetrying(error) || performance.now() - start > unreachableMs) throw error
    })
    if (!image) {
      await sleep(pauseMs, options.signal)
      continue
    }
    if (!isBusy(image)) return image
    if (Number.isNaN(until)) until = performance.now() + savingMs
    if (performance.now() > until) {
      throw new ImageStatusError(
        `the image ${id} is still ${image.status} after ${Math.round(savingMs / 1000)} s`,
        image.status,
        {
          hint: 'the server may yet finish: look at the image later',
        },
      )
    }
    await sleep(pauseMs, options.signal)
  }
}

async function readImage(context: ImageContext, id: string, options: CallOptions): Promise<Image> {
  try {
    return await getImage(context, id, options)
  } catch (cause) {
    if (!(cause instanceof NotFoundError)) throw cause
    throw new ImageStatusError(`the image ${id} was deleted while its data was being uploaded`, 'deleted', { cause })
  }
}
