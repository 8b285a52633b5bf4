/// <reference lib="esnext.disposable" preserve="true" />
import type { ImageManager } from '../image/image-manager.js'
import type { Identity } from '../identity/identity.js'
import type { ObjectStorage } from '../object-store/object-storage.js'

/** A connected cloud: one identity, one scope, one region. Owns its connections until `close()`. */
export interface Cloud {
  readonly images: ImageManager
  readonly objects: ObjectStorage
  readonly identity: Identity
  /** The project of the token; undefined when the token is unscoped or domain-scoped, or when there is no token. */
  readonly projectId: string | undefined
  readonly userId: string | undefined
  readonly region: string | undefined
  /**
   * The roots of the services, from the catalogue or an override; undefined for a service that the catalogue lacks.
   * Sends no request to them.
   * @throws ConfigError for an endpoint that is not an http or https URL
   */
  endpoints(): Promise<CloudEndpoints>
  /** The token in use, renewed when it is about to expire. */
  token(): Promise<string | undefined>
  /** Aborts what is still running, and closes all connections. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** The versioned roots of a cloud's services, without a trailing slash. */
export interface CloudEndpoints {
  readonly image: string | undefined
  readonly objectStore: string | undefined
}
