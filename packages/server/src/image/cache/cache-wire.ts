import type { WireCachedImage } from '@tyrax/protocol'
import type { CachedImage } from './cache-repository.js'

/** A copy as Glance lists it (glance/db/sqlalchemy/api.py `_cached_image_format`). */
export function toWireCachedImage({
  id,
  image_id,
  last_accessed,
  last_modified,
  size,
  hits,
}: CachedImage): WireCachedImage {
  const seconds = (microseconds: number) => microseconds / 1e6
  return {
    id,
    image_id,
    last_accessed: seconds(last_accessed),
    last_modified: seconds(last_modified),
    size,
    hits,
    checksum: null,
  }
}
