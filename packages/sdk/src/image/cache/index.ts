export type { CacheClearTarget } from '@tyrax/protocol'
export type { CacheClearOptions, CachedImage, CacheState, PrunedCache } from './cached-image.js'
export type { ImageCache } from './image-cache.js'
