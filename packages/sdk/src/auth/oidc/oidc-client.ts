import type { AuthValues } from '../auth-values.js'

/** The client that an identity provider knows, and where the provider is. */
export interface OidcClient {
  readonly clientId: string
  readonly clientSecret: string | undefined
  readonly openidScope: string
  /** Which of the tokens that the provider issues Keystone expects. */
  readonly accessTokenType: 'access_token' | 'id_token'
  readonly discoveryEndpoint: string | undefined
  /** Used instead of the one in the discovery document. */
  readonly accessTokenEndpoint: string | undefined
}

export interface OidcClientOptions {
  /** The client's id at the identity provider, for the `v3oidc…` methods. */
  readonly clientId?: string | undefined
  readonly clientSecret?: string | undefined
  /** @default 'openid profile' */
  readonly openidScope?: string | undefined
  /** The discovery document: `https://idp.example/.well-known/openid-configuration`. */
  readonly discoveryEndpoint?: string | undefined
  /** The token endpoint, instead of the one in the discovery document. */
  readonly accessTokenEndpoint?: string | undefined
  /** Which token Keystone checks. @default 'access_token' */
  readonly accessTokenType?: 'access_token' | 'id_token' | undefined
}

export const oidcClientKeys = [
  'client_id',
  'client_secret',
  'openid_scope',
  'discovery_endpoint',
  'access_token_endpoint',
  'access_token_type',
] as const

export const clientSecret = { key: 'client_secret', with: ['client_id'] } as const

/** @throws ConfigError naming what is missing or wrong */
export function readOidcClient(values: AuthValues): OidcClient {
  const clientId = values.need('client_id')
  if (values.text('discovery_endpoint') === undefined) values.need('access_token_endpoint', 'discovery_endpoint')
  const accessTokenType = values.text('access_token_type') ?? 'access_token'
  if (accessTokenType !== 'access_token' && accessTokenType !== 'id_token') {
    throw values.wrong('access_token_type', 'is neither access_token nor id_token')
  }
  return {
    clientId,
    clientSecret: values.text('client_secret'),
    openidScope: values.text('openid_scope') ?? 'openid profile',
    accessTokenType,
    discoveryEndpoint: readUrl(values, 'discovery_endpoint'),
    accessTokenEndpoint: readUrl(values, 'access_token_endpoint'),
  }
}

/** @throws ConfigError when it is not an http or https URL */
export function readUrl(values: AuthValues, key: string): string | undefined {
  const url = values.text(key)
  if (url === undefined) return undefined
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw values.wrong(key, 'is not an http or https URL')
  }
  return url
}
