import type { Catalog } from '../catalog/catalog.js'

/** A token and what Keystone reports about it. Plain data, so it can be stored in a file. */
export interface TokenGrant {
  /** Undefined where there is no Keystone and no fixed token. */
  readonly token: string | undefined
  /** The `Authorization` header of requests to services that check a name and a password themselves. */
  readonly authorization?: string | undefined
  /** By this machine's clock, in milliseconds since the epoch; undefined when it never expires. */
  readonly expiresAt: number | undefined
  readonly catalog: Catalog
  readonly projectId: string | undefined
  readonly projectName: string | undefined
  readonly userId: string | undefined
  readonly userName: string | undefined
  readonly roles: readonly string[]
}

/**
 * Keeps tokens between runs. The key names the user and the cloud, and changes with the secret without containing it. A
 * saved token gives access to the cloud until it expires: store it where no other user can read it.
 */
export interface TokenCache {
  /** The token saved under this key, if any. */
  load(key: string): Promise<TokenGrant | undefined>
  /** Saves a token under this key, replacing an earlier one. */
  save(key: string, grant: TokenGrant): Promise<void>
}
