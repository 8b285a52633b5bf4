import type { AuthSettings } from './auth-settings.js'

/**
 * Names a token in a cache: where, who, for what. Of the secret only 16 bits of a hash go in, so that a changed
 * password asks for a new token while the key helps nobody to guess it.
 */
export async function tokenCacheKey(auth: AuthSettings): Promise<string | undefined> {
  if (auth.type === 'none' || auth.type === 'token') return undefined
  const secret = auth.type === 'password' ? auth.password : auth.secret
  const { type, authUrl } = auth
  const who = auth.type === 'password' ? { user: auth.user, scope: auth.scope } : { credential: auth.credential }
  const named = JSON.stringify({ type, authUrl, ...who })
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${named}\0${secret}`))
  const [high = 0, low = 0] = new Uint8Array(digest)
  return `${named}#${(high * 256 + low).toString(16)}`
}
