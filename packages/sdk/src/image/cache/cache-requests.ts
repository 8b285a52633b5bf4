import { cacheClearTargetHeader, cacheClearTargets, type WireImageCache, type WirePrunedCache } from '@tyrax/protocol'
import { NotFoundError } from '../../errors/http-error.js'
import { shown } from '../../errors/shown.js'
import { addHint, UsageError } from '../../errors/tyrax-error.js'
import { path } from '../../http/path.js'
import { arrayAt, arrayOf, readJson } from '../../http/read-json.js'
import type { ServiceResponse } from '../../http/service-response.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ServiceRequest } from '../../service/service-client.js'
import type { ImageContext } from '../images/context.js'
import type { ImageRef } from '../images/image.js'
import { imageId } from '../images/image-id.js'
import type { CacheClearOptions, CachedImage, CacheState, PrunedCache } from './cached-image.js'

export async function readCache(context: ImageContext, { signal }: CallOptions): Promise<CacheState> {
  return readJson(await send(context, { method: 'GET', path: '/cache', signal }), (body) => ({
    cached: arrayAt(body, 'cached_images').map(decodeCached),
    queued: arrayAt(body, 'queued_images').map(String),
  }))
}

export async function queueImage(context: ImageContext, image: ImageRef, { signal }: CallOptions): Promise<void> {
  const route = path`/cache/${imageId(image)}`
  await (await send(context, { method: 'PUT', path: route, retry: { methods: ['PUT'] }, signal })).discard()
}

export async function removeImage(context: ImageContext, image: ImageRef, { signal }: CallOptions): Promise<void> {
  await (await send(context, { method: 'DELETE', path: path`/cache/${imageId(image)}`, signal })).discard()
}

export async function clearCache(context: ImageContext, { target, signal }: CacheClearOptions): Promise<void> {
  if (target !== undefined && !cacheClearTargets.includes(target)) {
    throw new UsageError(`target is ${shown(target)}: it must be cache or queue`, { hint: 'leave it out for both' })
  }
  const headers = target === undefined ? {} : { [cacheClearTargetHeader]: target }
  await (await send(context, { method: 'DELETE', path: '/cache', headers, signal })).discard()
}

export async function cleanCache(context: ImageContext, { signal }: CallOptions): Promise<void> {
  await (await send(context, { method: 'POST', path: '/cache/clean', signal })).discard()
}

export async function pruneCache(context: ImageContext, { signal }: CallOptions): Promise<PrunedCache> {
  return readJson(await send(context, { method: 'POST', path: '/cache/prune', signal }), (body) => {
    const { total_files_pruned, total_bytes_pruned } = (body ?? {}) as Partial<WirePrunedCache>
    return { files: total_files_pruned ?? 0, bytes: total_bytes_pruned ?? 0 }
  })
}

export async function cacheNodes(
  context: ImageContext,
  image: ImageRef,
  { signal }: CallOptions,
): Promise<readonly string[]> {
  const route = path`/cache/nodes/${imageId(image)}`
  return readJson(await send(context, { method: 'GET', path: route, signal }), (body) => arrayOf(body).map(String))
}

/** A cloud without a cache, or older than the route, responds with 404; so it does for an unknown image, by its id. */
async function send({ client }: ImageContext, request: ServiceRequest): Promise<ServiceResponse> {
  try {
    return await client.request(request)
  } catch (error) {
    if (error instanceof NotFoundError && !namesAnImage(error.message)) {
      addHint(
        error,
        'this cloud has no image cache (image_cache_dir), or one older than the route (clean, prune: v2.18)',
      )
    }
    throw error
  }
}

const namesAnImage = (message: string) => /^Image \S+ not found/.test(message) || /No image found/.test(message)

function decodeCached(wire: unknown): CachedImage {
  const copy = (wire ?? {}) as Partial<WireImageCache['cached_images'][number]>
  if (typeof copy.image_id !== 'string') throw new Error('the response lists a copy without an image id')
  return {
    imageId: copy.image_id,
    size: copy.size ?? 0,
    hits: copy.hits ?? 0,
    lastAccessed: new Date((copy.last_accessed ?? 0) * 1000),
    lastModified: new Date((copy.last_modified ?? 0) * 1000),
  }
}
