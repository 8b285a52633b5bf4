import type { Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'
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
export function mountRoutes(mount: Mount, { db, clock, serviceUrl }: ImageParts): void {
  const parts = { store: createMetadefStore(db), clock }
  mountNamespaces(mount, createNamespaceService(parts), serviceUrl)
  mountResourceTypes(mount, createResourceTypeService(parts))
  mountObjects(mount, createObjectService(parts))
  mountProperties(mount, createPropertyService(parts))
  mountTags(mount, createMetadefTagService(parts))
}
