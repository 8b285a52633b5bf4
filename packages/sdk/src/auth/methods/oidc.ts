import type { AuthValues } from '../auth-values.js'
import type { LoginMeans } from '../login-means.js'
import type { Grant } from '../oidc/access-token.js'
import { oidcClientKeys, readOidcClient, type OidcClient, type OidcClientOptions } from '../oidc/oidc-client.js'
import type { TokenGrant } from '../token-grant.js'
import { federatedKeys, readFederated, signInFederated, type Federated, type FederatedOptions } from './federated.js'
import type { CacheIdentity, Keystone } from './method.js'

/** A client of an identity provider that Keystone trusts. */
export interface Oidc extends Federated, OidcClient {}

export interface OidcOptions extends FederatedOptions, OidcClientOptions {}

export const oidcKeys = [...federatedKeys, ...oidcClientKeys] as const

/** @throws ConfigError naming what is missing or wrong */
export const readOidc = (values: AuthValues): Oidc => ({ ...readFederated(values), ...readOidcClient(values) })

/** Signs in with an access token of the provider. @param obtain gets a new one */
export function signInOidc(
  auth: Oidc,
  keystone: Keystone,
  means: LoginMeans,
  obtain: () => Promise<string>,
): Promise<TokenGrant> {
  return signInFederated(auth, keystone, means, async () => keystone.federate(auth, await obtain(), refusedByKeystone))
}

/** Signs in with an access token that the provider issues for one token request. */
export function signInWithGrant(auth: Oidc, keystone: Keystone, means: LoginMeans, grant: Grant): Promise<TokenGrant> {
  return signInOidc(auth, keystone, means, async () => {
    const { accessToken } = await import('../oidc/access-token.js')
    return accessToken(auth, grant, means)
  })
}

/** What distinguishes the tokens of one client of an identity provider. */
export function oidcIdentity(
  { identityProvider, protocol, scope, clientId, openidScope, ...where }: Oidc,
  who: object,
  secret: string | undefined,
): CacheIdentity {
  const provider = [where.discoveryEndpoint, where.accessTokenEndpoint, where.accessTokenType]
  return {
    who: { identityProvider, protocol, scope, clientId, openidScope, provider, ...who },
    secret: secret ?? '',
  }
}

const refusedByKeystone =
  'the identity provider accepted the login, but Keystone does not: identity_provider or protocol is wrong, or no rule ' +
  'of Keystone maps this user'
