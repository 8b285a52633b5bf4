import { clientSecret, readUrl } from '../oidc/oidc-client.js'
import type { ChallengeMethod } from '../oidc/pkce.js'
import type { AuthValues } from '../auth-values.js'
import type { AuthMethod } from './method.js'
import { oidcIdentity, oidcKeys, readOidc, signInOidc, type Oidc, type OidcOptions } from './oidc.js'

export interface OidcDeviceAuth extends Oidc {
  readonly type: 'oidcDevice'
  readonly deviceAuthorizationEndpoint: string | undefined
  readonly codeChallengeMethod: ChallengeMethod | undefined
}

export interface OidcDeviceOptions extends OidcOptions {
  /** Instead of the one in the discovery document, for `v3oidcdeviceauthz`. */
  readonly deviceAuthorizationEndpoint?: string | undefined
  /** Proves that the same program asks for the token (RFC 7636). @default no proof */
  readonly codeChallengeMethod?: 'S256' | 'plain' | undefined
}

/** A person signs in with a browser on any device, and enters a code there (RFC 8628). */
export const oidcDevice: AuthMethod<OidcDeviceAuth, OidcDeviceOptions> = {
  type: 'oidcDevice',
  authTypes: ['v3oidcdeviceauthz'],
  keys: [...oidcKeys, 'device_authorization_endpoint', 'code_challenge_method'],
  secrets: [clientSecret],
  read: (values) => ({
    ...readOidc(values),
    type: 'oidcDevice',
    deviceAuthorizationEndpoint: readUrl(values, 'device_authorization_endpoint'),
    codeChallengeMethod: readChallengeMethod(values),
  }),
  authenticate: (auth, keystone, means) =>
    signInOidc(auth, keystone, means, async () => {
      const { signInOnDevice } = await import('../oidc/device-flow.js')
      return signInOnDevice(auth, means)
    }),
  withoutScope: (auth) => ({ ...auth, scope: undefined }),
  secretsOf: (auth) => [auth.clientSecret],
  cacheIdentity: (auth) => oidcIdentity(auth, {}, auth.clientSecret),
}

function readChallengeMethod(values: AuthValues): ChallengeMethod | undefined {
  const method = values.text('code_challenge_method')
  if (method === undefined || method === 'S256' || method === 'plain') return method
  throw values.wrong('code_challenge_method', 'is neither S256 nor plain')
}
