import type { ResponseHeaders } from '../../errors/http-error.js'
import type { ImageContext } from './context.js'
import { filterQuery, type ImageListParams, pageQuery } from './list-query.js'

/** One page as the server sent it. */
export interface RawImagePage {
  readonly status: number
  readonly headers: ResponseHeaders
  /** The parsed JSON, snake_case, unknown fields and `next` included. */
  readonly body: unknown
}

/** GET /v2/images, one page, undecoded. */
export async function listImagesRaw(context: ImageContext, params: ImageListParams): Promise<RawImagePage> {
  const response = await context.client.request({
    method: 'GET',
    path: '/images',
    query: pageQuery(filterQuery(params), params.limit, params.marker),
    signal: params.signal,
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}
