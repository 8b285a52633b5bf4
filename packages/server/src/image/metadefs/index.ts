import type { Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'
import { loadBuiltin } from './builtin/load-builtin.js'
import { createMetadefStore } from './metadef-store.js'
import { createNamespaceService } from './namespaces/namespace-service.js'
import { mountNamespaces } from './namespaces/routes.js'
import { createObjectService } from './objects/object-service.js'
import { mountObjects } from './objects/routes.js'
import { createPropertyService } from './properties/property-service.js'
import { mountProperties } from './properties/routes.js'
import { createResourceTypeService } from './resource-types/resource-type-service.js'
import { mountResourceTypes } from './resource-types/routes.js'
import { createMetadefTagService } from './tags/tag-service.js'
import { mountTags } from './tags/routes.js'

export { migrations } from './migrations.js'

/** `/v2/metadefs`: what properties, objects and tags there are, for which types of resources, and what values they take. */
export function mountRoutes(mount: Mount, { db, clock, config, serviceUrl }: ImageParts): void {
  const store = createMetadefStore(db)
  const parts = { store, clock }
  const mountLoaded = config.metadefs === 'builtin' ? mountAfter(mount, () => loadBuiltin(store, clock)) : mount
  mountNamespaces(mountLoaded, createNamespaceService(parts), serviceUrl)
  mountResourceTypes(mountLoaded, createResourceTypeService(parts))
  mountObjects(mountLoaded, createObjectService(parts))
  mountProperties(mountLoaded, createPropertyService(parts))
  mountTags(mountLoaded, createMetadefTagService(parts))
}

/** Mounts handlers that wait for some work before the first of them runs. If it fails, the next request tries again. */
function mountAfter(mount: Mount, work: () => Promise<void>): Mount {
  let isDone = false
  let running: Promise<void> | undefined
  const prepare = async () => {
    running ??= work()
    try {
      await running
      isDone = true
    } finally {
      running = undefined
    }
  }
  type Handler = NonNullable<Parameters<Mount>[1]['GET']>
  const after =
    (handler: Handler): Handler =>
    (c) =>
      isDone ? handler(c) : prepare().then(() => handler(c))
  return (path, handlers, options) =>
    mount(
      path,
      Object.fromEntries(Object.entries(handlers).map(([method, handler]) => [method, after(handler)])),
      options,
    )
}
