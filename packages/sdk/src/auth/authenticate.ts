import { keystoneLogin } from './keystone-login.js'
import type { LoginMeans, LoginMemory, ReceiveForm, SignIn } from './login-means.js'
import { methodOf, type AuthSettings } from './methods/index.js'
import type { LoginContext } from './send-login.js'
import type { TokenGrant } from './token-grant.js'

/** What logins of one identity share. */
export interface Authentication {
  readonly context: LoginContext
  readonly signIn: SignIn
  readonly receiveForm: ReceiveForm | undefined
  readonly memory: LoginMemory
}

/**
 * Gets a token.
 * @param previous the token that is about to expire or was refused
 * @throws UnauthorizedError for wrong credentials, and when the previous token expired and cannot be replaced
 */
export async function authenticate(
  auth: AuthSettings,
  { context, ...parts }: Authentication,
  signal: AbortSignal,
  previous?: TokenGrant,
): Promise<TokenGrant> {
  const method = methodOf(auth)
  const keystone = keystoneLogin(context, parts.signIn, signal)
  const { secrets, logger } = context
  const means: LoginMeans = {
    ...parts,
    signal,
    secrets,
    logger,
    async send(call) {
      const { callProvider } = await import('./oidc/provider-call.js')
      return callProvider(context, call, signal)
    },
  }
  const isLast = 'authUrl' in auth && previous?.token !== undefined && method.isOneTime?.(auth) === true
  if (!isLast) return method.authenticate(auth, keystone, means)
  return keystone.validate(auth.authUrl, previous.token, {
    message: 'the token has expired and cannot be renewed',
    hint: `a ${method.authTypes[0]} login works only once, so it cannot renew the token: connect again with a new passcode`,
  })
}
