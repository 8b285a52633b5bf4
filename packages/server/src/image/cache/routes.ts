import { cacheClearTargetHeader, type WireImageCache, type WirePrunedCache } from '@tyrax/protocol'
import type { HttpContext } from '../../context.js'
import { respond, respondJson } from '../../http/respond.js'
import { refuseBody } from '../http/json-body.js'
import type { Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'
import { createCacheService } from './cache-service.js'
import { toWireCachedImage } from './cache-wire.js'

/** `/v2/cache` (glance/api/v2/cached_images.py). */
export function mountRoutes(mount: Mount, parts: ImageParts): void {
  const cache = createCacheService(parts)
  mount('/cache', {
    GET: (c) => {
      refuseBody(c)
      const { cached, queued } = cache.state(c.get('caller'))
      const state: WireImageCache = { cached_images: cached.map(toWireCachedImage), queued_images: [...queued] }
      return respondJson(c, state)
    },
    DELETE: async (c) => {
      refuseBody(c)
      await cache.clear(c.get('caller'), (c.req.header(cacheClearTargetHeader) ?? '').toLowerCase())
      return respond(c, 204)
    },
  })
  mount('/cache/clean', {
    POST: (c) => {
      refuseBody(c)
      cache.clean(c.get('caller'))
      return respond(c, 200, { 'content-type': 'text/html; charset=UTF-8' })
    },
  })
  mount('/cache/prune', {
    POST: async (c) => {
      refuseBody(c)
      const { files, bytes } = await cache.prune(c.get('caller'))
      const pruned: WirePrunedCache = { total_files_pruned: files, total_bytes_pruned: bytes }
      return respondJson(c, pruned)
    },
  })
  mount('/cache/nodes/:id', {
    GET: (c) => {
      refuseBody(c)
      return respondJson(c, cache.nodes(c.get('caller'), idOf(c), parts.ownUrl()))
    },
  })
  mount('/cache/:id', {
    DELETE: async (c) => {
      refuseBody(c)
      await cache.remove(c.get('caller'), idOf(c))
      return respond(c, 204)
    },
    PUT: (c) => {
      refuseBody(c)
      cache.queue(c.get('caller'), idOf(c))
      return respond(c, 202, { 'content-type': 'text/html; charset=UTF-8' })
    },
  })
}

const idOf = (c: HttpContext) => c.req.param('id') ?? ''
