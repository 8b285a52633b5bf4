import { type AuthSettings, methodOf } from './methods/index.js'

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

/**
 * A hash of 32 bits (MurmurHash3's mixing over UTF-16 units), for names and for noticing that a text has changed: fast,
 * and no protection against a text that was chosen to collide.
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
