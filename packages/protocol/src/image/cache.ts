/** An image of which the image service has a copy nearby (`GET /v2/cache`, glance/db/sqlalchemy/api.py). */
export interface WireCachedImage {
  id: number
  image_id: string
  /** Seconds since 1970, with a fraction. */
  last_accessed: number
  /** Seconds since 1970, with a fraction. */
  last_modified: number
  size: number
  hits: number
  checksum: string | null
}

/** What is in the cache, and what is still to be copied into it. */
export interface WireImageCache {
  cached_images: WireCachedImage[]
  /** Image ids, in the order in which they were queued. */
  queued_images: string[]
}

/** What `POST /v2/cache/prune` removed. */
export interface WirePrunedCache {
  total_files_pruned: number
  total_bytes_pruned: number
}

/** The header of `DELETE /v2/cache` that limits it to one of the two; absent or empty: both. */
export const cacheClearTargetHeader = 'x-image-cache-clear-target'
/** The values of that header. */
export const cacheClearTargets = ['cache', 'queue'] as const
/** What `DELETE /v2/cache` empties. */
export type CacheClearTarget = (typeof cacheClearTargets)[number]
