import type { KeystoneContext } from './keystone.js'
import { keystoneLogin } from './keystone-login.js'
import { methodOf, type AuthSettings } from './methods/index.js'
import type { TokenGrant } from './token-grant.js'

/**
 * Gets a token.
 * @param previous the token that is about to expire or was refused
 * @throws UnauthorizedError for wrong credentials, and when the previous token expired and cannot be replaced
 */
export async function authenticate(
  auth: AuthSettings,
  context: KeystoneContext,
  signal: AbortSignal,
  previous?: TokenGrant,
): Promise<TokenGrant> {
  const method = methodOf(auth)
  const keystone = keystoneLogin(context, signal)
  const isLast = 'authUrl' in auth && previous?.token !== undefined && method.isOneTime?.(auth) === true
  if (!isLast) return method.authenticate(auth, keystone)
  return keystone.validate(auth.authUrl, previous.token, {
    message: 'the token has expired and cannot be renewed',
    hint: `a ${method.authTypes[0]} login works only once, so it cannot renew the token: connect again with a new passcode`,
  })
}
