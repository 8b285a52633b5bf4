import type { Handlers, Mount } from '../http/resource.js'
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

/** What metadata definitions are built from. */
export type MetadefsParts = Pick<ImageParts, 'db' | 'clock' | 'config' | 'serviceUrl'>

/** Makes the resources of metadata definitions, and returns the handlers of each path. */
export async function loadMetadefs({ db, clock, config, serviceUrl }: MetadefsParts): Promise<Map<string, Handlers>> {
  const store = createMetadefStore(db)
  if (config.metadefs === 'builtin') await loadBuiltin(store, clock)
  const parts = { store, clock }
  const mounted = new Map<string, Handlers>()
  const mount: Mount = (path, handlers) => mounted.set(path, handlers)
  mountNamespaces(mount, createNamespaceService(parts), serviceUrl)
  mountResourceTypes(mount, createResourceTypeService(parts))
  mountObjects(mount, createObjectService(parts))
  mountProperties(mount, createPropertyService(parts))
  mountTags(mount, createMetadefTagService(parts))
  return mounted
}
