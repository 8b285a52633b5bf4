import { readScope, readUser } from '../auth-values.js'
import { wireNamed, type NamedInDomain, type Scope } from '../scope.js'
import { issueWith, type AuthMethod, type Factor } from './method.js'

export interface PasswordAuth {
  readonly type: 'password'
  readonly authUrl: string
  readonly user: NamedInDomain
  readonly password: string
  /** Sent when Keystone requires it as well. */
  readonly passcode?: string | undefined
  readonly scope: Scope | undefined
}

export interface PasswordOptions {
  readonly username?: string | undefined
  readonly userId?: string | undefined
  readonly password?: string | undefined
}

const factor: Factor<PasswordAuth> = {
  proof: ({ user, password }) => ({ password: { user: { ...wireNamed(user), password } } }),
  whenRefused: 'the user, the password, the project or one of their domains is wrong, or the user is disabled',
}

/** A user's name and password. */
export const password: AuthMethod<PasswordAuth, PasswordOptions> = {
  type: 'password',
  authTypes: ['password', 'v3password'],
  keys: ['username', 'user_id', 'password'],
  secrets: [{ key: 'password', with: ['username', 'user_id'] }],
  read: (values) => ({
    type: 'password',
    authUrl: values.authUrl(),
    user: readUser(values),
    password: values.need('password'),
    passcode: values.text('passcode'),
    scope: readScope(values),
  }),
  factor,
  authenticate: (auth, keystone) => issueWith(factor, auth, keystone, auth),
  secretsOf: (auth) => [auth.password, auth.passcode],
  cacheIdentity: ({ user, scope, password }) => ({ who: { user, scope }, secret: password }),
}
