import { startCloud, type EmbeddedCloud } from '@tyrax/server'
import { startOidcProvider, type OidcProvider, type OidcProviderOptions } from './oidc-provider.js'

/** The embedded cloud with an identity provider. */
export interface FederatedCloud extends AsyncDisposable {
  readonly cloud: EmbeddedCloud
  readonly provider: OidcProvider
}

/** Users of the provider are members of the project demo, and the clients of it are too. */
export async function startFederatedCloud(
  options: OidcProviderOptions & { readonly trustedDashboards?: readonly string[] } = {},
): Promise<FederatedCloud> {
  const provider = await startOidcProvider(options)
  const member = {
    projects: [
      { name: 'demo', roles: [{ name: 'member' }] },
      { name: 'second', roles: [{ name: 'reader' }] },
    ],
  }
  const cloud = await startCloud({
    port: 0,
    config: {
      identity: {
        trustedDashboards: options.trustedDashboards,
        identityProviders: [
          {
            name: 'work',
            issuer: provider.issuer,
            clientId: 'tyrax',
            clientSecret: 's3cret+/=',
            mapping: [
              {
                remote: [{ type: 'OIDC-preferred_username' }, { type: 'OIDC-banned', not_any_of: ['true'] }],
                local: [{ user: { name: '{0}' } }, member],
              },
              {
                remote: [
                  { type: 'HTTP_OIDC_CLIENT_ID' },
                  { type: 'HTTP_OIDC_SUB', any_one_of: ['^tyrax$'], regex: true },
                ],
                local: [{ user: { name: 'robot-{0}' } }, member],
              },
            ],
          },
        ],
      },
    },
  })
  return {
    cloud,
    provider,
    async [Symbol.asyncDispose]() {
      await cloud.close()
      await provider[Symbol.asyncDispose]()
    },
  }
}
