/// <reference lib="esnext.disposable" preserve="true" />
import type { ImageManager } from '../image/image-manager.js'
import type { Identity } from '../identity/identity.js'
import type { ObjectStorage } from '../object-store/object-storage.js'

/** A connected cloud: one identity, one scope, one region. Owns its connections until `close()`. */
export interface Cloud {
  readonly images: ImageManager
  readonly objects: ObjectStorage
  readonly identity: Identity
  /** The project of the token, or undefined when it is unscoped, domain-scoped or there is none. */
  readonly projectId: string | undefined
  readonly userId: string | undefined
  readonly region: string | undefined
  /**
   * Where the services are, by the catalogue or an override; undefined where the catalogue has none. Asks no service.
   * @throws ConfigError for an endpoint that is no http or https URL
   */
  endpoints(): Promise<CloudEndpoints>
  /** The token in use, renewed when it is about to expire. */
  token(): Promise<string | undefined>
  /** Ends what is still under way, and closes all connections. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** The roots of a cloud's services, with their versions, without a slash at the end. */
export interface CloudEndpoints {
  readonly image: string | undefined
  readonly objectStore: string | undefined
}
