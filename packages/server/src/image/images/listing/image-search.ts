import type { Caller } from '../../../context.js'
import type { ImageRecord } from '../image-record.js'
import { filterCondition, tagCondition, type Condition } from './conditions.js'
import type { ListQuery, SortStep } from './list-query.js'
import { sightCondition } from './sight.js'
import type { Bound, Hidden } from './sources.js'

/** What a page of images is to hold: which images, in which order, after which one. */
export interface ImageSearch {
  readonly hidden: Hidden
  /** All of them hold for each image, next to its being hidden or not. */
  readonly conditions: readonly Condition[]
  /** When all of the images were created, as far as that follows from the conditions. */
  readonly within: readonly Bound[]
  /** Ends with `id`, so that no two images are equal. */
  readonly sort: readonly SortStep[]
  readonly marker: ImageRecord | undefined
  readonly limit: number
}

/**
 * The search for a page: the images that the caller may see, that match the filters and follow the marker, in order.
 * @throws invalid for a filter value that cannot be parsed
 */
export function imageSearch(query: ListQuery, caller: Caller, marker: ImageRecord | undefined): ImageSearch {
  const conditions: Condition[] = []
  let hidden: Hidden = 0
  for (const [key, value] of query.filters) {
    if (key === 'os_hidden') hidden = value === '1' ? 1 : 0
    else conditions.push(filterCondition(key, value))
  }
  for (const tag of query.tags) conditions.push(tagCondition(tag))
  const sight = sightCondition(query, caller)
  if (sight !== undefined) conditions.push(sight)
  const last = query.sort.findIndex(({ key }) => key === 'id')
  return {
    hidden,
    conditions,
    within: [],
    sort: query.sort.slice(0, last + 1),
    marker,
    limit: query.limit,
  }
}
