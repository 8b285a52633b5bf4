import type { AuthSettings } from './auth-settings.js'

/** How the server that a token comes from is known to be the right one. */
export interface ServerTrust {
  /** False: any certificate is accepted. What such a server says is used in no other run. */
  readonly isVerified: boolean
  /** Changes with what decides, beside the URL, who was asked: authorities, client certificate, proxy. */
  readonly means: string
}

/**
 * Names a token in a cache: where, who, for what, and what was trusted. Of the secret only 16 bits of a hash go in, so
 * that a changed password asks for a new token while the key helps nobody to guess it.
 * @returns undefined for a token that is not to be kept
 */
export async function tokenCacheKey(auth: AuthSettings, trust: ServerTrust): Promise<string | undefined> {
  if (auth.type === 'none' || auth.type === 'token' || !trust.isVerified) return undefined
  const secret = auth.type === 'password' ? auth.password : auth.secret
  const { type, authUrl } = auth
  const who = auth.type === 'password' ? { user: auth.user, scope: auth.scope } : { credential: auth.credential }
  const named = JSON.stringify({ type, authUrl, trust: trust.means, ...who })
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${named}\0${secret}`))
  const [high = 0, low = 0] = new Uint8Array(digest)
  return `${named}#${(high * 256 + low).toString(16)}`
}
