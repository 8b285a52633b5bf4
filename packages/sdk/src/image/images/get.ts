import { path } from '../../http/path.js'
import { readJson } from '../../http/read-json.js'
import { decodeImage } from './codec.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from './context.js'
import type { Image, ImageRef } from './image.js'
import { imageId } from './image-id.js'

/** GET /v2/images/{id}. The response is 404 for a deleted image and for one that the caller may not see. */
export async function getImage(context: ImageContext, image: ImageRef, options: CallOptions = {}): Promise<Image> {
  const response = await context.client.request({
    method: 'GET',
    path: path`/images/${imageId(image)}`,
    signal: options.signal,
  })
  return readJson(response, decodeImage)
}
