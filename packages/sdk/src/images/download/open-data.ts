import { path } from '../../client/path.js'
import type { ServiceResponse } from '../../client/service-client.js'
import { ForbiddenError } from '../../errors/http-error.js'
import { ImageStatusError } from '../../errors/image-errors.js'
import type { CallOptions } from '../../client/call-options.js'
import type { ImageContext } from '../context.js'
import { getImage } from '../get.js'
import type { Image, ImageRef } from '../image.js'

/** The record, for the hash and the size that its data must have. @throws ImageStatusError while there is no data */
export async function recordWithData(context: ImageContext, image: ImageRef, options: CallOptions): Promise<Image> {
  const record = await getImage(context, image, options)
  if (withoutData.includes(record.status)) throw noData(record)
  return record
}
const withoutData = ['queued', 'saving', 'uploading', 'importing']

/** GET /v2/images/{id}/file. 204 means that there is no data. */
export async function openData(context: ImageContext, image: Image, options: CallOptions): Promise<ServiceResponse> {
  const response = await context.client
    .request({ method: 'GET', path: path`/images/${image.id}/file`, signal: options.signal })
    .catch((error: unknown) => {
      throw error instanceof ForbiddenError && image.status === 'deactivated' ? deactivated(image, error) : error
    })
  if (response.status !== 204 || image.size === 0) return response
  await response.discard()
  throw noData(image)
}

function noData(image: Image): ImageStatusError {
  return new ImageStatusError(`the image ${image.id} is ${image.status} and has no data to download`, image.status)
}

function deactivated(image: Image, cause: ForbiddenError): ImageStatusError {
  return new ImageStatusError(`the image ${image.id} is deactivated: its data is not given out`, image.status, {
    cause,
    hint: 'an administrator can reactivate it',
  })
}
