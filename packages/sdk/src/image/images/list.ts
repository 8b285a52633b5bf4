import { maxPageSize } from '@tyrax/protocol'
import { arrayAt, readJson } from '../../http/read-json.js'
import { BadRequestError, NotFoundError, type ResponseHeaders } from '../../errors/http-error.js'
import { ListInterruptedError } from '../../errors/list-errors.js'
import { type FetchPage, type Page, PagedList, type PageWish } from '../../paging/paged-list.js'
import { decodeImage } from './codec.js'
import type { ImageContext } from './context.js'
import type { Image } from './image.js'
import { filterQuery, type ImageListParams, pageQuery } from './list-query.js'

/** One page of images. */
export type ImagePage = Page<Image>
/** Images, page by page. */
export type ImageList = PagedList<Image>

/** One page as the server sent it. */
export interface RawImagePage {
  readonly status: number
  readonly headers: ResponseHeaders
  /** The parsed JSON: snake_case, including unknown fields and `next`. */
  readonly body: unknown
}

/** GET /v2/images, page by page. */
export function listImages(context: ImageContext, params: ImageListParams = {}): ImageList {
  const fetch: FetchPage<Image, ImagePage> = (marker, wish) => fetchPage(context, params, marker, wish)
  const reversed = reversedOf(params)
  if (reversed === undefined) return new PagedList(fetch)
  return new PagedList(fetch, {
    fetchPage: (marker, wish) => fetchPage(context, reversed, marker, wish),
    keyOf: ({ id }) => id,
    placeOf: ({ createdAt }) => createdAt.getTime(),
    leastItems: longPage,
    lengths: params.limit === maxPageSize ? growingPages : undefined,
  })
}

/**
 * Only one page is read at first, so a short one saves time in a long list. A list that fits in the second page takes no
 * longer than with one page of 1,000: it ends before the page from the other end arrives, which is then cancelled.
 */
const growingPages = [maxPageSize / 4, maxPageSize / 2, maxPageSize]

/** Shorter pages come from a short list, or from a server whose paging is its own. */
const longPage = 50

/**
 * The same list backwards, if it is in order of creation, which never changes: images that are changed meanwhile keep
 * their places. Undefined for another order, for a list that begins after a marker, and for pages of a single image.
 */
function reversedOf(params: ImageListParams): ImageListParams | undefined {
  const { sort, sortKey = 'created_at', sortDir = 'desc', marker, limit } = params
  if (sort !== undefined || sortKey !== 'created_at' || marker !== undefined) return undefined
  if (limit !== undefined && limit < 2) return undefined
  return { ...params, sortKey, sortDir: sortDir === 'desc' ? 'asc' : 'desc' }
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

async function fetchPage(
  context: ImageContext,
  params: ImageListParams,
  next: string | undefined,
  { signal, limit = params.limit }: PageWish = {},
): Promise<ImagePage> {
  const marker = next ?? params.marker
  const query = pageQuery(filterQuery(params), limit, marker)
  const response = await context.client
    .request({
      method: 'GET',
      path: '/images',
      query,
      signal: eitherSignal(params.signal, signal),
    })
    .catch((error: unknown) => {
      throw marker === undefined ? error : markerError(error, marker, next !== undefined)
    })
  const page = await readJson(response, decodePage)
  return { ...page, bytes: response.received() }
}

/**
 * Only the marker is taken from `next`: the server drops all but one of repeated parameters there, as well as its own
 * path prefix (glance/api/v2/images.py `index`). An empty page may be followed by another.
 */
function decodePage(body: unknown): ImagePage {
  const items = arrayAt(body, 'images').map(decodeImage)
  const next = (body as Record<string, unknown>)['next']
  if (typeof next !== 'string') return { items }
  const query = next.includes('?') ? next.slice(next.indexOf('?') + 1) : ''
  const marker = new URLSearchParams(query).get('marker') ?? items.at(-1)?.id
  return marker === undefined ? { items } : { items, marker }
}

/** Glance responds with 400 to a marker that no longer exists, older versions with 404. */
function markerError(error: unknown, marker: string, underway: boolean): unknown {
  if (
    !(error instanceof NotFoundError) &&
    !(error instanceof BadRequestError && (/marker/i.test(error.message) || error.message.includes(marker)))
  ) {
    return error
  }
  return underway
    ? new ListInterruptedError(
        `the image ${marker}, after which the list was to continue, is gone: the list so far is incomplete`,
        marker,
        { cause: error, hint: 'list again from the beginning' },
      )
    : new ListInterruptedError(`there is no image ${marker} to list after`, marker, {
        cause: error,
        hint: 'it may have been deleted: list from the beginning',
      })
}

function eitherSignal(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  return one && other ? AbortSignal.any([one, other]) : (one ?? other)
}
