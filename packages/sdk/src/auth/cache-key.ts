import { textHash } from './text-hash.js'
import { methodOf, type AuthSettings } from './methods/index.js'

/** How the server that a token comes from is known to be the right one. */
export interface ServerTrust {
  /** False: any certificate is accepted. What such a server says is used in no other run. */
  readonly isVerified: boolean
  /** Changes with what decides, as well as the URL, which server was asked: authorities, client certificate, proxy. */
  readonly means: string
}

/**
 * Names a token in a cache: where, who, for what, and what was trusted. Of the secret only 16 bits of a hash go in, so
 * that a changed password asks for a new token while the key helps no one to guess it.
 * @returns undefined for a token that is not to be kept
 */
export function tokenCacheKey(auth: AuthSettings, trust: ServerTrust): string | undefined {
  const identity = methodOf(auth).cacheIdentity(auth)
  if (!identity || !('authUrl' in auth) || !trust.isVerified) return undefined
  const { type, authUrl } = auth
  const named = JSON.stringify({ type, authUrl, trust: trust.means, ...identity.who })
  return `${named}#${(textHash(`${named}\0${identity.secret}`) & 0xffff).toString(16)}`
}
