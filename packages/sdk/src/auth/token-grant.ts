import type { Catalog } from '../catalog/catalog.js'

/** A token and what Keystone says about it. Plain data: it can be kept in a file. */
export interface TokenGrant {
  /** Undefined where there is no Keystone and no fixed token. */
  readonly token: string | undefined
  /** By this machine's clock, in milliseconds since the epoch; undefined: never. */
  readonly expiresAt: number | undefined
  readonly catalog: Catalog
  readonly projectId: string | undefined
  readonly projectName: string | undefined
  readonly userId: string | undefined
  readonly userName: string | undefined
  readonly roles: readonly string[]
}

/**
 * Keeps tokens between runs. The key names who and where, and changes with the secret, without holding it.
 * What is saved opens the cloud until it expires: keep it where nobody else can read it.
 */
export interface TokenCache {
  /** The token that was saved under this key, if there is one. */
  load(key: string): Promise<TokenGrant | undefined>
  /** Keeps a token under this key, instead of an earlier one. */
  save(key: string, grant: TokenGrant): Promise<void>
}
