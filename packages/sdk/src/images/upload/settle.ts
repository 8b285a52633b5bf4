import { NotFoundError } from '../../errors/http-error.js'
import { ImageStatusError } from '../../errors/image-errors.js'
import { sleep } from '../../retry/sleep.js'
import type { CallOptions } from '../../client/call-options.js'
import type { ImageContext } from '../context.js'
import { getImage } from '../get.js'
import type { Image } from '../image.js'

/** Between two looks at an image that the server is still working on, in milliseconds. */
const firstPauseMs = 100
const longestPauseMs = 2000

/**
 * Waits until the server is done with the data, one way or the other: `active`, `queued` again, or whatever else.
 * @param patienceMs how long `saving` is waited out
 * @throws ImageStatusError when it takes longer, or the image is gone
 */
export async function settle(
  context: ImageContext,
  id: string,
  patienceMs: number,
  options: CallOptions,
): Promise<Image> {
  const until = performance.now() + patienceMs
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const image = await readImage(context, id, options)
    if (image.status !== 'saving' && image.status !== 'importing') return image
    if (performance.now() > until) {
      throw new ImageStatusError(
        `the image ${id} is still ${image.status} after ${Math.round(patienceMs / 1000)} s`,
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
