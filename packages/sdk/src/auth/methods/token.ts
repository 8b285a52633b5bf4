import { readScope } from '../auth-values.js'
import type { Scope } from '../scope.js'
import type { TokenGrant } from '../token-grant.js'
import { issueWith, type AuthMethod, type Factor } from './method.js'

export interface TokenAuth {
  readonly type: 'token'
  readonly authUrl: string
  readonly token: string
  readonly scope: Scope | undefined
}

export interface TokenOptions {
  readonly token?: string | undefined
}

const factor: Factor<TokenAuth> = {
  proof: ({ token }) => ({ token: { id: token } }),
  whenRefused:
    'the token is valid, and cannot be exchanged for one of this project: it is not known, the user has no role in it, ' +
    'or the cloud lets no token be exchanged',
}

/** A token that the caller already has. */
export const token: AuthMethod<TokenAuth, TokenOptions> = {
  type: 'token',
  authTypes: ['token', 'v3token'],
  keys: ['token'],
  secrets: [],
  isMeant: (has) => has('token') && !has('password') && (has('auth_url') || !has('endpoint')),
  read: (values) => ({
    type: 'token',
    authUrl: values.authUrl(),
    token: values.need('token'),
    scope: readScope(values),
  }),
  factor,
  /** A token that already has the requested scope is used as it is: many clouds do not allow exchanging one. */
  async authenticate(auth, keystone) {
    const known = await keystone.validate(auth.authUrl, auth.token, {
      message: 'the given token is not valid',
      hint: 'it has expired or been revoked, and a token cannot renew itself: get a new one',
    })
    return hasScope(known, auth.scope) ? known : issueWith(factor, auth, keystone)
  },
  secretsOf: (auth) => [auth.token],
  cacheIdentity: () => undefined,
}

function hasScope(grant: TokenGrant, scope: Scope | undefined): boolean {
  if (scope === undefined) return true
  if (scope === 'unscoped' || !('project' in scope)) return false
  return 'id' in scope.project ? scope.project.id === grant.projectId : false
}
