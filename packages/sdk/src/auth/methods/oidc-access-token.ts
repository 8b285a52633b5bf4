import { federatedKeys, readFederated, signInFederated, type Federated, type FederatedOptions } from './federated.js'
import type { AuthMethod } from './method.js'

export interface OidcAccessTokenAuth extends Federated {
  readonly type: 'oidcAccessToken'
  readonly accessToken: string
}

export interface OidcAccessTokenOptions extends FederatedOptions {
  /** An access token of the identity provider, for `v3oidcaccesstoken`. */
  readonly accessToken?: string | undefined
}

/** An access token that the caller got from the identity provider (keystoneauth1/identity/v3/oidc.py). */
export const oidcAccessToken: AuthMethod<OidcAccessTokenAuth, OidcAccessTokenOptions> = {
  type: 'oidcAccessToken',
  authTypes: ['v3oidcaccesstoken'],
  keys: [...federatedKeys, 'access_token'],
  secrets: [{ key: 'access_token', with: ['identity_provider'] }],
  read: (values) => ({
    ...readFederated(values),
    type: 'oidcAccessToken',
    accessToken: values.need('access_token'),
  }),
  authenticate: (auth, keystone, means) =>
    signInFederated(auth, keystone, means, () =>
      keystone.federate(
        auth,
        auth.accessToken,
        'the access token is wrong or has expired, or identity_provider or protocol is: get a new access token',
      ),
    ),
  withoutScope: (auth) => ({ ...auth, scope: undefined }),
  secretsOf: (auth) => [auth.accessToken],
  cacheIdentity: ({ identityProvider, protocol, scope, accessToken }) => ({
    who: { identityProvider, protocol, scope },
    secret: accessToken,
  }),
}
