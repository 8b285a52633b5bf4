import { BlobStorageFull, BlobTooLarge } from '../../blobs/blob-store.js'
import { BodyRefused } from '../../http/read-body.js'
import type { Logger } from '../../log.js'
import { ImageFault, type FaultKind } from '../errors.js'
import { UnstorableText } from '../../database/guarded-database.js'
import { errorResponse } from './error-response.js'
import type { HttpContext } from '../../context.js'
import { notThere } from './resource.js'
import { UnsupportedMediaType } from './unsupported-media-type.js'

const statusOf: Readonly<Record<FaultKind, number>> = {
  invalid: 400,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  'over-limit': 413,
  'too-many-conditions': 414,
  'unsupported-data': 415,
  'unsatisfiable-range': 416,
  unexpected: 500,
}

/** Renders whatever a handler threw. What is not meant for clients becomes a 500 that says nothing. */
export function faultResponse(c: HttpContext, error: unknown, log: Logger): Response {
  if (error instanceof ImageFault && error.kind !== 'unexpected') {
    return errorResponse(c, statusOf[error.kind], error.message)
  }
  if (error instanceof UnsupportedMediaType) return errorResponse(c, 415, error.message, error.headers)
  if (error instanceof BodyRefused) return bodyRefused(c, error)
  if (error instanceof BlobTooLarge) {
    return errorResponse(c, 413, `The incoming image is too large: ${error.message}`)
  }
  // glance/api/v2/image_data.py `upload` on `StorageFull`
  if (error instanceof BlobStorageFull) return errorResponse(c, 413, `Image storage media is full: ${error.message}`)
  if (error instanceof UnstorableText) {
    // In the path it is an image, a member or a tag that is not there.
    return c.req.path.includes('\0')
      ? errorResponse(c, 404, notThere)
      : errorResponse(c, 400, 'Text with NUL or half a surrogate pair cannot be stored or looked for.')
  }
  log.error({ error, method: c.req.method, path: c.req.path, requestId: c.get('requestId') }, 'image request failed')
  return errorResponse(c, 500, 'The server has either erred or is incapable of performing the requested operation.')
}

function bodyRefused(c: HttpContext, { fault, limitBytes }: BodyRefused): Response {
  if (fault === 'too-large') return errorResponse(c, 413, `Request is too large. Larger than ${limitBytes}.`)
  if (fault === 'cut-short') return errorResponse(c, 400, 'The request ended before its body did.')
  return errorResponse(c, 503, 'Too much is being sent at once. Please try again later.', { 'Retry-After': '1' })
}
