import { isNotFound, isUnauthorized } from '../../errors/guards.js'
import { readScope, type AuthValues } from '../auth-values.js'
import type { LoginMeans } from '../login-means.js'
import type { Scope } from '../scope.js'
import type { TokenGrant } from '../token-grant.js'
import type { Keystone } from './method.js'

/** A login at an identity provider that Keystone trusts. */
export interface Federated {
  readonly authUrl: string
  /** Keystone's names of the provider and of the protocol. */
  readonly identityProvider: string
  readonly protocol: string
  readonly scope: Scope | undefined
}

export interface FederatedOptions {
  /** Keystone's name of the identity provider, for the `v3oidc…` methods and `v3websso`. */
  readonly identityProvider?: string | undefined
  /** Keystone's name of the protocol, often `openid`. */
  readonly protocol?: string | undefined
}

export const federatedKeys = ['identity_provider', 'protocol'] as const

export function readFederated(values: AuthValues): Federated {
  return {
    authUrl: values.authUrl(),
    identityProvider: values.need('identity_provider'),
    protocol: values.need('protocol'),
    scope: readScope(values),
  }
}

/** A token that ends earlier is not worth another exchange. */
const leastLifeMs = 120_000

/**
 * Signs in with an unscoped token of the provider's user, exchanged for one of the project. The unscoped token is kept,
 * so that a person signs in once for all projects (keystoneauth1/identity/v3/federation.py `_Rescoped`).
 * @param obtain gets a new unscoped token
 */
export async function signInFederated(
  auth: Federated,
  keystone: Keystone,
  { memory }: LoginMeans,
  obtain: () => Promise<TokenGrant>,
): Promise<TokenGrant> {
  const kept = await memory.loadUnscoped?.()
  if (kept?.token !== undefined && (kept.expiresAt ?? Infinity) - leastLifeMs > Date.now()) {
    try {
      return await rescope(auth, keystone, kept)
    } catch (error) {
      if (!isUnauthorized(error) && !isNotFound(error)) throw error
      if (await isValid(auth, keystone, kept.token)) throw error
    }
  }
  const unscoped = await obtain()
  await memory.saveUnscoped?.(unscoped)
  return rescope(auth, keystone, unscoped)
}

async function isValid({ authUrl }: Federated, keystone: Keystone, token: string): Promise<boolean> {
  try {
    await keystone.validate(authUrl, token, { message: 'the kept token is not valid any more', hint: '' })
    return true
  } catch (error) {
    if (isUnauthorized(error)) return false
    throw error
  }
}

async function rescope({ authUrl, scope }: Federated, keystone: Keystone, unscoped: TokenGrant): Promise<TokenGrant> {
  if (scope === undefined || scope === 'unscoped' || unscoped.token === undefined) return unscoped
  return keystone.issue({
    authUrl,
    proof: { token: { id: unscoped.token } },
    scope,
    whenRefused:
      'the identity provider accepted the login, but the user has no role in this project, or the project or one of ' +
      'the domains is wrong: openstack federation project list shows the projects that the user may use',
  })
}
