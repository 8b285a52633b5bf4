import { maxPageSize } from '@tyrax/protocol'
import { NotFoundError } from '../../errors/http-error.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from './context.js'
import { getImage } from './get.js'
import type { Image } from './image.js'
import { idPrefix, looksLikeId } from './image-id.js'
import { listImages } from './list.js'
import type { ImageListParams } from './list-query.js'

/** What `find` and `findAll` take. */
export interface FindOptions extends CallOptions {
  /**
   * When there is no image with this id or name, take the text for the beginning of an id, if it has at least 4
   * characters. Programs that create what they do not find should not set it: a name may look like one, as in `2404`.
   * @default false
   */
  readonly idPrefix?: boolean | undefined
}

/** The images with this id or name, or else, if that is asked for, those whose id begins with it. */
export async function findByText(context: ImageContext, text: string, options: FindOptions): Promise<Image[]> {
  const { signal } = options
  if (looksLikeId(text)) {
    try {
      return [await getImage(context, text, { signal })]
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error
    }
  }
  const prefix = options.idPrefix ? idPrefix(text) : undefined
  for (const place of prefix === undefined ? places : places.slice(0, 1)) {
    const images = await listImages(context, { name: text, limit: maxPageSize, ...place, signal }).toArray()
    if (images.length > 0) return images
  }
  return prefix === undefined ? [] : findByPrefix(context, { text, prefix }, signal)
}

/**
 * Where a name is looked up, in this order, until it is found: a plain list does not show images of the later places.
 */
const places: readonly ImageListParams[] = [
  {},
  { visibility: 'community' },
  { osHidden: true },
  { visibility: 'shared', memberStatus: 'all' },
]

/** All that these lists show may be found by a prefix, so that it is unique among everything that can be named. */
const everywhere: readonly ImageListParams[] = [
  { visibility: 'all' },
  { visibility: 'all', osHidden: true },
  { visibility: 'shared', memberStatus: 'all' },
]

/** A name that is the same as the prefix takes precedence, wherever its image is. */
async function findByPrefix(
  context: ImageContext,
  { text, prefix }: { readonly text: string; readonly prefix: string },
  signal: AbortSignal | undefined,
): Promise<Image[]> {
  const [begun, ...named] = await Promise.all([
    Promise.all(everywhere.map((place) => beginningWith(context, prefix, place, signal))),
    ...places
      .slice(1)
      .map((place) => listImages(context, { name: text, limit: maxPageSize, ...place, signal }).toArray()),
  ])
  const byName = named.find((images) => images.length > 0)
  return byName ?? [...new Map(begun.flat().map((image) => [image.id, image])).values()]
}

/**
 * Glance has no filter for a part of an id. In the order of ids, from the nearer end, the list can be left behind the
 * prefix.
 */
async function beginningWith(
  context: ImageContext,
  prefix: string,
  place: ImageListParams,
  signal: AbortSignal | undefined,
): Promise<Image[]> {
  const sortDir = prefix < '8' ? 'asc' : 'desc'
  const found: Image[] = []
  const list = listImages(context, { ...place, sortKey: 'id', sortDir, limit: maxPageSize, signal })
  for await (const image of list) {
    const id = image.id.toLowerCase()
    if (id.startsWith(prefix)) found.push(image)
    else if (sortDir === 'asc' ? id > prefix : id < prefix) break
  }
  return found
}
