import { createHash, randomBytes } from 'node:crypto'
import type { IdentityConfig, IdentityProviderConfig } from '../../config/cloud-config.js'
import type { AuthService } from '../auth/auth-service.js'
import { couldNotFind, unauthorized } from '../errors.js'
import type { ValidToken } from '../tokens/token-service.js'
import { mapClaims, type Claims } from './mapping-rules.js'
import { createProviderClient, type ProviderClient } from './provider-client.js'
import type { ShadowUsers } from './shadow-users.js'

/** Logins of users whom another provider identifies (keystone/auth/plugins/mapped.py). */
export interface FederationService {
  readonly providers: readonly IdentityProviderConfig[]
  /** An unscoped token for an access token of the provider. @throws unauthenticated; not-found for another provider */
  logIn(route: ProviderRoute, accessToken: string): Promise<{ readonly id: string; readonly token: ValidToken }>
  /**
   * The provider's page on which a person signs in.
   * @param origin where the token is sent in the end @throws unauthenticated when it is not trusted
   */
  begin(route: ProviderRoute, origin: string | undefined, redirectUri: string): Promise<string>
  /** What the provider's page sent. @throws unauthenticated for a state that was not issued, or too long ago */
  finish(state: string, code: string): Promise<{ readonly origin: string; readonly token: string }>
}

export interface ProviderRoute {
  readonly provider: string
  readonly protocol: string
}

interface PendingLogin {
  readonly route: ProviderRoute
  readonly origin: string
  readonly redirectUri: string
  readonly verifier: string
  readonly expiresAt: number
}

/** How long a person may take on the provider's page. */
const pendingMs = 600_000
const mostPending = 1000

interface FederationParts {
  readonly config: IdentityConfig
  readonly auth: AuthService
  readonly shadows: ShadowUsers
  readonly now: () => Date
}

export function createFederationService({ config, auth, shadows, now }: FederationParts): FederationService {
  const { identityProviders: providers, trustedDashboards } = config
  const clients = new Map<string, ProviderClient>()
  const pending = new Map<string, PendingLogin>()
  const find = ({ provider, protocol }: ProviderRoute): IdentityProviderConfig => {
    const found = providers.find(({ name }) => name === provider)
    if (found === undefined) throw couldNotFind('Identity Provider', provider)
    if (found.protocol !== protocol)
      throw couldNotFind(`federated protocol ${protocol} for Identity Provider`, provider)
    return found
  }
  const clientOf = (provider: IdentityProviderConfig): ProviderClient => {
    const client = clients.get(provider.name) ?? createProviderClient(provider)
    clients.set(provider.name, client)
    return client
  }
  const logIn: FederationService['logIn'] = async (route, accessToken) => {
    const provider = find(route)
    const claims = await clientOf(provider).claimsOf(accessToken)
    const mapped = mapClaims(provider.mapping, claims)
    if (mapped === undefined) throw unauthorized()
    const user = shadows.keep(provider, mapped, uniqueId(claims))
    return auth.issueFor(user, [provider.protocol])
  }
  return {
    providers,
    logIn,
    async begin(route, origin, redirectUri) {
      const provider = find(route)
      if (origin === undefined || !trustedDashboards.includes(origin)) throw unauthorized()
      const verifier = randomBytes(32).toString('base64url')
      const state = randomBytes(32).toString('base64url')
      const moment = now().getTime()
      for (const [key, { expiresAt }] of pending) {
        if (expiresAt > moment && pending.size < mostPending) break
        pending.delete(key)
      }
      pending.set(state, { route, origin, redirectUri, verifier, expiresAt: moment + pendingMs })
      const challenge = createHash('sha256').update(verifier).digest('base64url')
      return clientOf(provider).authorizeUrl({ redirectUri, state, challenge })
    },
    async finish(state, code) {
      const login = pending.get(state)
      pending.delete(state)
      if (login === undefined || login.expiresAt <= now().getTime()) throw unauthorized()
      const { route, origin, redirectUri, verifier } = login
      const accessToken = await clientOf(find(route)).exchange(code, redirectUri, verifier)
      const { id } = await logIn(route, accessToken)
      return { origin, token: id }
    },
  }
}

/** A client that signs in for itself has no `sub` with some providers. */
function uniqueId(claims: Claims): string {
  const id = claims['sub'] ?? claims['client_id']
  if (typeof id !== 'string' || id === '') throw unauthorized()
  return id
}
