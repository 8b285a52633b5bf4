import { clientSecret } from '../oidc/oidc-client.js'
import type { AuthMethod } from './method.js'
import { oidcIdentity, oidcKeys, readOidc, signInWithGrant, type Oidc, type OidcOptions } from './oidc.js'

export interface OidcClientCredentialsAuth extends Oidc {
  readonly type: 'oidcClientCredentials'
}

/** A program with its own account at the identity provider: the client itself (RFC 6749 section 4.4). */
export const oidcClientCredentials: AuthMethod<OidcClientCredentialsAuth, OidcOptions> = {
  type: 'oidcClientCredentials',
  authTypes: ['v3oidcclientcredentials'],
  keys: oidcKeys,
  secrets: [clientSecret],
  read(values) {
    const auth = { ...readOidc(values), type: 'oidcClientCredentials' } as const
    values.need('client_secret')
    return auth
  },
  authenticate: (auth, keystone, means) =>
    signInWithGrant(auth, keystone, means, {
      type: 'client_credentials',
      form: () => Promise.resolve({ scope: auth.openidScope }),
    }),
  withoutScope: (auth) => ({ ...auth, scope: undefined }),
  secretsOf: (auth) => [auth.clientSecret],
  cacheIdentity: (auth) => oidcIdentity(auth, {}, auth.clientSecret),
}
