import type { CacheState } from '@tyrax/sdk'
import { wireTime } from '../output/cells.js'
import type { Columns } from '../output/columns.js'
import type { Row } from '../output/result.js'

export const cacheColumns = ['image_id', 'state', 'size', 'hits', 'last_accessed'] as const

export const cacheRecord: Columns = { names: [...cacheColumns, 'last_modified'] }

/** Cached images first, then those that are still queued. */
export function cacheRows({ cached, queued }: CacheState): Row[] {
  return [
    ...cached.map((copy) => ({
      image_id: copy.imageId,
      state: 'cached',
      size: copy.size,
      hits: copy.hits,
      last_accessed: wireTime(copy.lastAccessed),
      last_modified: wireTime(copy.lastModified),
    })),
    ...queued.map((id) => ({ image_id: id, state: 'queued' })),
  ]
}
