import { path } from '../../http/path.js'
import { NotFoundError } from '../../errors/http-error.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from './context.js'
import type { ImageRef } from './image.js'
import { imageId } from './image-id.js'

/** DELETE /v2/images/{id}. 403: protected. 409: in use. A 404 to a repeated request means that the first one worked. */
export async function deleteImage(context: ImageContext, image: ImageRef, options: CallOptions = {}): Promise<void> {
  const id = imageId(image)
  let attempts = 0
  try {
    const response = await context.client.request({
      method: 'DELETE',
      path: path`/images/${id}`,
      onAttempt: () => (attempts += 1),
      signal: options.signal,
    })
    await response.discard()
  } catch (error) {
    if (!(error instanceof NotFoundError) || attempts < 2) throw error
  }
}

/** POST /v2/images/{id}/actions/deactivate; repeating it changes nothing. */
export async function deactivateImage(
  context: ImageContext,
  image: ImageRef,
  options: CallOptions = {},
): Promise<void> {
  const id = imageId(image)
  await act(context, path`/images/${id}/actions/deactivate`, options)
}

/** POST /v2/images/{id}/actions/reactivate; repeating it changes nothing. */
export async function reactivateImage(
  context: ImageContext,
  image: ImageRef,
  options: CallOptions = {},
): Promise<void> {
  const id = imageId(image)
  await act(context, path`/images/${id}/actions/reactivate`, options)
}

/** Both may be sent again after a lost response, so POST is retried here. */
async function act(context: ImageContext, path: string, options: CallOptions): Promise<void> {
  const response = await context.client.request({
    method: 'POST',
    path,
    retry: { methods: ['POST'] },
    signal: options.signal,
  })
  await response.discard()
}
