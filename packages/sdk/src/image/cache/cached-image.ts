import type { CacheClearTarget } from '@tyrax/protocol'
import type { CallOptions } from '../../service/call-options.js'

/** A copy of an image next to the image service. */
export interface CachedImage {
  readonly imageId: string
  /** Bytes. */
  readonly size: number
  /** Downloads that were served from it. */
  readonly hits: number
  readonly lastAccessed: Date
  readonly lastModified: Date
}

/** What is in the cache, and what is still to be copied into it. */
export interface CacheState {
  readonly cached: readonly CachedImage[]
  /** Image ids, in the order in which they were queued. */
  readonly queued: readonly string[]
}

/** What pruning removed. */
export interface PrunedCache {
  readonly files: number
  readonly bytes: number
}

/** What `images.cache.clear` takes. */
export interface CacheClearOptions extends CallOptions {
  /** Empty only the copies, or only the queue. @default both */
  readonly target?: CacheClearTarget | undefined
}
