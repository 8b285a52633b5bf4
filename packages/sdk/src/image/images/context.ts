import type { ServiceClient } from '../../service/service-client.js'
import type { Project } from '../../identity/identity.js'
import type { ObjectStorage } from '../../object-store/object-storage.js'
import type { Platform } from '../../platform/platform.js'
import type { RetryPolicy } from '../../retry/policies.js'
import type { TransferBudget } from '../../transfer/transfer-limits.js'

/** The place of an image service. */
export interface ImageHome {
  /** The URL of Keystone, without its version; undefined where there is none. */
  readonly keystone: string | undefined
  readonly region: string | undefined
}

/** What the methods of `images` work with. */
export interface ImageContext {
  /** The image service. */
  readonly client: ServiceClient
  /** Volumes of the same identity and region: a source for `createFromVolume`. */
  readonly blockStorage?: ServiceClient | undefined
  /** Object storage of the same identity and region: a source for `create`. */
  readonly objects: ObjectStorage
  /** The project of the token in use. */
  readonly projectId: () => string | undefined
  /** A project by id or name; undefined where there is no identity service to ask. */
  readonly findProject: ((nameOrId: string, signal?: AbortSignal) => Promise<Project>) | undefined
  readonly platform: Platform
  /** Where the image service is; two that share a Keystone can copy from each other. */
  readonly home: () => Promise<ImageHome>
  /** What all transfers share. */
  readonly transfers: TransferBudget
  /** How patiently an upload is repeated. @default as `defaultRetryPolicy` */
  readonly retry?: Partial<RetryPolicy> | undefined
}
