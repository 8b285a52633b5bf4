import type { CloudService, ServiceContext } from './context.js'
import { createIdentityService } from './identity/index.js'
import { createImageService } from './image/index.js'
import { createObjectStoreInfo, createObjectStoreService } from './object-store/index.js'

/** What the cloud consists of. */
export const serviceFactories: readonly ((context: ServiceContext) => CloudService)[] = [
  createIdentityService,
  createImageService,
  createObjectStoreService,
  createObjectStoreInfo,
]
