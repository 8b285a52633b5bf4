import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { ImageRef } from '../images/image.js'
import type { CacheClearOptions, CacheState, PrunedCache } from './cached-image.js'

/**
 * The copies of images that the image service keeps next to itself: `images.cache`. For administrators; on a cloud
 * without a cache, every method throws NotFoundError.
 */
export class ImageCache {
  readonly #context: ImageContext

  /** @internal */
  constructor(context: ImageContext) {
    this.#context = context
  }

  /** Lists the cached and the queued images (GET /v2/cache, one server's own). */
  async list(options: CallOptions = {}): Promise<CacheState> {
    const { readCache } = await import('./cache-requests.js')
    return readCache(this.#context, options)
  }

  /**
   * Queues an image, which the server then copies into the cache by itself (PUT /v2/cache/{image}). Repeating it changes
   * nothing.
   * @throws BadRequestError unless the image is active; NotFoundError
   */
  async queue(image: ImageRef, options: CallOptions = {}): Promise<void> {
    const { queueImage } = await import('./cache-requests.js')
    await queueImage(this.#context, image, options)
  }

  /**
   * Removes an image's copy, or its place in the queue (DELETE /v2/cache/{image}). An image without either is no error.
   * @throws NotFoundError when there is no such image
   */
  async remove(image: ImageRef, options: CallOptions = {}): Promise<void> {
    const { removeImage } = await import('./cache-requests.js')
    await removeImage(this.#context, image, options)
  }

  /** Removes all copies and empties the queue, or only one of both (DELETE /v2/cache). */
  async clear(options: CacheClearOptions = {}): Promise<void> {
    const { clearCache } = await import('./cache-requests.js')
    await clearCache(this.#context, options)
  }

  /** Removes what failed or stalled copying left behind (POST /v2/cache/clean, since v2.18). */
  async clean(options: CallOptions = {}): Promise<void> {
    const { cleanCache } = await import('./cache-requests.js')
    await cleanCache(this.#context, options)
  }

  /** Removes the copies read longest ago until the rest fits the configured size (POST /v2/cache/prune, since v2.18). */
  async prune(options: CallOptions = {}): Promise<PrunedCache> {
    const { pruneCache } = await import('./cache-requests.js')
    return pruneCache(this.#context, options)
  }

  /**
   * The URLs of the servers that have a copy of the image (GET /v2/cache/nodes/{image}).
   * @throws ConflictError where each server keeps account of its own copies alone (a cache driver other than
   * `centralized_db`)
   */
  async nodes(image: ImageRef, options: CallOptions = {}): Promise<readonly string[]> {
    const { cacheNodes } = await import('./cache-requests.js')
    return cacheNodes(this.#context, image, options)
  }
}
