import { clientSecret } from '../oidc/oidc-client.js'
import type { AuthMethod } from './method.js'
import { oidcIdentity, oidcKeys, readOidc, signInWithGrant, type Oidc, type OidcOptions } from './oidc.js'

export interface OidcAuthCodeAuth extends Oidc {
  readonly type: 'oidcAuthCode'
  readonly code: string
  readonly redirectUri: string | undefined
}

export interface OidcAuthCodeOptions extends OidcOptions {
  /** The code that the identity provider added to the redirect URI, for `v3oidcauthcode`. */
  readonly code?: string | undefined
  /** The redirect URI for which the code was issued. */
  readonly redirectUri?: string | undefined
}

/** A code that the caller got from the identity provider (RFC 6749 section 4.1). It works once. */
export const oidcAuthCode: AuthMethod<OidcAuthCodeAuth, OidcAuthCodeOptions> = {
  type: 'oidcAuthCode',
  authTypes: ['v3oidcauthcode'],
  keys: [...oidcKeys, 'code', 'authorization_code', 'redirect_uri'],
  secrets: [{ key: 'code', with: ['client_id'], isOneTime: true }, clientSecret],
  read: (values) => ({
    ...readOidc(values),
    type: 'oidcAuthCode',
    code: values.text('authorization_code') ?? values.need('code'),
    redirectUri: values.text('redirect_uri'),
  }),
  authenticate: (auth, keystone, means) =>
    signInWithGrant(auth, keystone, means, {
      type: 'authorization_code',
      form: () => Promise.resolve({ code: auth.code, redirect_uri: auth.redirectUri }),
    }),
  withoutScope: (auth) => ({ ...auth, scope: undefined }),
  secretsOf: (auth) => [auth.code, auth.clientSecret],
  cacheIdentity: (auth) => oidcIdentity(auth, {}, auth.code),
}
