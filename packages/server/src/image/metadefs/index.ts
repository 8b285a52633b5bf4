import type { Handlers, Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'

export { migrations } from './migrations.js'

const namespace = '/metadefs/namespaces/:namespace'

/** The paths, and the methods of each. */
const routes: Readonly<Record<string, readonly (keyof Handlers)[]>> = {
  '/metadefs/resource_types': ['GET'],
  '/metadefs/namespaces': ['GET', 'POST'],
  [namespace]: ['GET', 'PUT', 'DELETE'],
  [`${namespace}/resource_types`]: ['GET', 'POST'],
  [`${namespace}/resource_types/:name`]: ['DELETE'],
  [`${namespace}/objects`]: ['GET', 'POST', 'DELETE'],
  [`${namespace}/objects/:name`]: ['GET', 'PUT', 'DELETE'],
  [`${namespace}/properties`]: ['GET', 'POST', 'DELETE'],
  [`${namespace}/properties/:name`]: ['GET', 'PUT', 'DELETE'],
  [`${namespace}/tags`]: ['GET', 'POST', 'DELETE'],
  [`${namespace}/tags/:name`]: ['GET', 'POST', 'PUT', 'DELETE'],
}

/**
 * `/v2/metadefs`: what properties, objects and tags there are, for which types of resources, and what values they take.
 * What handles the requests is loaded with the first one, because most clouds are used without metadata definitions and
 * should not start more slowly for them. If loading fails, the next request tries again.
 */
export function mountRoutes(mount: Mount, parts: ImageParts): void {
  let loading: Promise<Map<string, Handlers>> | undefined
  const load = () => {
    loading ??= import('./load-metadefs.js').then(({ loadMetadefs }) => loadMetadefs(parts))
    loading.catch(() => {
      loading = undefined
    })
    return loading
  }
  for (const [path, methods] of Object.entries(routes)) {
    const handlers = methods.map((method): [string, Handlers['GET']] => [
      method,
      async (c) => {
        const handle = (await load()).get(path)?.[method]
        if (handle === undefined) throw new Error(`nothing handles ${method} ${path}`)
        return handle(c)
      },
    ])
    mount(path, Object.fromEntries(handlers))
  }
}
