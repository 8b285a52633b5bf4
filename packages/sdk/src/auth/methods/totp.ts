import { readScope, readUser } from '../auth-values.js'
import { wireNamed, type NamedInDomain, type Scope } from '../scope.js'
import { issueWith, type AuthMethod, type Factor } from './method.js'

export interface TotpAuth {
  readonly type: 'totp'
  readonly authUrl: string
  readonly user: NamedInDomain
  readonly passcode: string
  /** Sent when Keystone requires it as well. */
  readonly password?: string | undefined
  readonly scope: Scope | undefined
}

export interface TotpOptions {
  readonly username?: string | undefined
  readonly userId?: string | undefined
  /** The six digits that the user's authenticator currently shows. */
  readonly passcode?: string | undefined
}

const factor: Factor<TotpAuth> = {
  proof: ({ user, passcode }) => ({ totp: { user: { ...wireNamed(user), passcode } } }),
  whenRefused:
    'the user, the passcode, the project or one of their domains is wrong, or the passcode is older than a minute: ' +
    'use the one that is shown now; a cloud that also requires the password has the auth type v3multifactor',
}

/** A passcode that changes every 30 seconds (RFC 6238, keystone/auth/plugins/totp.py). */
export const totp: AuthMethod<TotpAuth, TotpOptions> = {
  type: 'totp',
  authTypes: ['v3totp', 'totp'],
  keys: ['username', 'user_id', 'passcode'],
  secrets: [{ key: 'passcode', with: ['username', 'user_id'], isOneTime: true }],
  isMeant: (has) => has('passcode') && !has('password') && !has('token'),
  read: (values) => ({
    type: 'totp',
    authUrl: values.authUrl(),
    user: readUser(values),
    passcode: values.need('passcode'),
    password: values.text('password'),
    scope: readScope(values),
  }),
  isOneTime: () => true,
  factor,
  authenticate: (auth, keystone) => issueWith(factor, auth, keystone, auth),
  secretsOf: (auth) => [auth.passcode, auth.password],
  cacheIdentity: ({ user, scope, passcode }) => ({ who: { user, scope }, secret: passcode }),
}
