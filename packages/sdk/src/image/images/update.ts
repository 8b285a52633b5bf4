import { jsonPatchV21 } from '@tyrax/protocol'
import { path } from '../../http/path.js'
import { readJson } from '../../http/read-json.js'
import { policies } from '../../retry/policies.js'
import { decodeImage } from './codec.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from './context.js'
import { getImage } from './get.js'
import type { Image, ImageRef } from './image.js'
import { buildPatch, checkUpdate, type ImageUpdate } from './patch.js'

/** What `images.update` takes. */
export interface UpdateOptions extends CallOptions {
  /**
   * What to do when the image was passed as it was read before, and another client has since changed a field that is to
   * be changed to something else. Changes of other fields stay in any case. A change in the moment between the fresh
   * copy and the write cannot be noticed.
   * @default 'error': ImageChangedError
   */
  readonly onConflict?: 'error' | 'overwrite' | undefined
}

/**
 * PATCH /v2/images/{id}, against a fresh copy. A 409 means that a property appeared or disappeared between read and
 * write (nothing was saved then), so the copy is read again. Fields that already have the wanted value are not sent.
 */
export async function updateImage(
  context: ImageContext,
  image: ImageRef,
  wanted: ImageUpdate,
  { onConflict = 'error', ...options }: UpdateOptions = {},
): Promise<Image> {
  checkUpdate(wanted)
  const { refuseConflicts, rememberUpdate } = await import('./conflicts.js')
  rememberUpdate(context, image, wanted)
  const choose = (fresh: Image) => {
    if (onConflict === 'error') refuseConflicts(context, image, fresh, wanted)
    return wanted
  }
  return patchImage(context, image, choose, options)
}

/** Like {@link updateImage}, with wanted values that depend on the fresh copy. */
export async function patchImage(
  context: ImageContext,
  image: ImageRef,
  wanted: (fresh: Image) => ImageUpdate,
  options: CallOptions = {},
): Promise<Image> {
  for (let attempt = 1; ; attempt += 1) {
    const fresh = await getImage(context, image, options)
    const operations = buildPatch(fresh, wanted(fresh))
    if (operations.length === 0) return fresh
    try {
      const response = await context.client.request({
        method: 'PATCH',
        path: path`/images/${fresh.id}`,
        json: operations,
        contentType: jsonPatchV21,
        signal: options.signal,
      })
      return await readJson(response, decodeImage)
    } catch (error) {
      if (!policies.patch.isWorthRetrying(error) || attempt > policies.patch.retries) throw error
    }
  }
}
