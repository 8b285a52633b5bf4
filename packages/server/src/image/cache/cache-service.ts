import { cacheClearTargets, type CacheClearTarget } from '@tyrax/protocol'
import type { Caller } from '../../context.js'
import { canSee } from '../access/policy.js'
import { invalid, notAuthorized, notFound } from '../errors.js'
import type { ImageParts } from '../parts.js'
import type { CachedImage } from './cache-repository.js'
import type { ImageCache } from './image-cache.js'

/**
 * What admins do with the image cache (glance/api/v2/cached_images.py). Without a cache, those who may use it are told
 * that there is none.
 */
export interface CacheService {
  state(caller: Caller): { readonly cached: readonly CachedImage[]; readonly queued: readonly string[] }
  /** @throws not-found for an unknown image; invalid unless it is active */
  queue(caller: Caller, imageId: string): void
  /** @throws not-found for an image that neither exists nor is cached */
  remove(caller: Caller, imageId: string): Promise<void>
  /** @param target empty: both */
  clear(caller: Caller, target: string): Promise<void>
  /** Copies that failed are removed at once, so nothing is left to be cleaned. */
  clean(caller: Caller): void
  prune(caller: Caller): Promise<{ readonly files: number; readonly bytes: number }>
  /** The URLs of the servers that have a copy of the image: this one or none. */
  nodes(caller: Caller, imageId: string, ownUrl: string): readonly string[]
}

type CacheServiceParts = Pick<ImageParts, 'cache' | 'repository'>

export function createCacheService({ cache, repository }: CacheServiceParts): CacheService {
  const requireCache = (caller: Caller, action: string): ImageCache => {
    if (!caller.isAdmin) throw notAuthorized(action)
    if (cache === undefined) throw notFound('Caching via API is not supported at this site.')
    return cache
  }
  const requireImage = (caller: Caller, imageId: string) => {
    const image = repository.find(imageId)
    const isMember = () => repository.isMember(imageId, caller.projectId)
    if (image === undefined || !canSee(caller, image, isMember)) throw notFound(`Image ${imageId} not found.`)
    return image
  }

  return {
    state(caller) {
      const found = requireCache(caller, 'cache_list')
      return { cached: found.cached(), queued: found.queued() }
    },
    queue(caller, imageId) {
      const image = requireImage(caller, imageId)
      const found = requireCache(caller, 'cache_image')
      if (image.status !== 'active') throw invalid('Only images with status active can be targeted for queueing')
      found.queue(imageId)
    },
    async remove(caller, imageId) {
      if (cache?.has(imageId) !== true) requireImage(caller, imageId)
      await requireCache(caller, 'cache_delete').remove(imageId)
    },
    async clear(caller, target) {
      const found = requireCache(caller, 'cache_delete')
      if (target !== '' && !cacheClearTargets.includes(target as CacheClearTarget)) {
        throw invalid(`If provided 'x-image-cache-clear-target' must be 'cache', 'queue' or empty string.`)
      }
      if (target !== 'cache') found.clearQueue()
      if (target !== 'queue') await found.clearCopies()
    },
    clean(caller) {
      requireCache(caller, 'cache_clean')
    },
    prune: async (caller) => requireCache(caller, 'cache_prune').prune(),
    nodes(caller, imageId, ownUrl) {
      const found = requireCache(caller, 'list_cached_nodes')
      requireImage(caller, imageId)
      return found.cached().some((copy) => copy.image_id === imageId) ? [ownUrl] : []
    },
  }
}
