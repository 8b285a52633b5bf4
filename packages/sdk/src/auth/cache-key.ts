import { type AuthSettings, methodOf } from './methods/index.js'

/** How the identity of the server that issues a token is verified. */
export interface ServerTrust {
  /** False when any certificate is accepted. Tokens from such a server are not reused in another run. */
  readonly isVerified: boolean
  /** Identifies what decides, besides the URL, which server is reached: authorities, client certificate, proxy. */
  readonly means: string
}

/**
 * The key of a token in a cache: where, who, for what, and what was trusted. Only 16 bits of a hash of the secret are
 * included, so that a changed password requests a new token but the key does not help to guess the password.
 * @returns undefined for a token that must not be cached
 */
export function tokenCacheKey(auth: AuthSettings, trust: ServerTrust): string | undefined {
  const identity = methodOf(auth).cacheIdentity(auth)
  if (!identity || !('authUrl' in auth) || !trust.isVerified) return undefined
  const { type, authUrl } = auth
  const named = JSON.stringify({ type, authUrl, trust: trust.means, ...identity.who })
  return `${named}#${(textHash(`${named}\0${identity.secret}`) & 0xffff).toString(16)}`
}

/**
 * A 32-bit hash (MurmurHash3's mixing over UTF-16 units), for names and for noticing that a text has changed. It is
 * fast, but no protection against texts that are chosen to collide.
 */
export function textHash(text: string, seed = 0): number {
  let hash = seed
  for (let at = 0; at < text.length; at += 1) {
    const unit = Math.imul(text.charCodeAt(at), 0xcc9e2d51)
    hash ^= Math.imul((unit << 15) | (unit >>> 17), 0x1b873593)
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64
  }
  hash ^= text.length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
