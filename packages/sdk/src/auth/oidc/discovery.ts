import { ConfigError } from '../../errors/config-errors.js'
import { errorFromStatus } from '../../errors/http-error.js'
import { shownUrl } from '../../transport/redact.js'
import type { LoginMeans } from '../login-means.js'
import type { OidcClient } from './oidc-client.js'

/** What an identity provider publishes about itself (OpenID Connect Discovery 1.0, section 3). */
export interface Discovered {
  /** Undefined when the provider does not list them. */
  readonly grantTypes: readonly string[] | undefined
  /** @throws ConfigError when neither the configuration nor the document has it */
  endpoint(name: 'token_endpoint' | 'device_authorization_endpoint', configured: string | undefined): string
}

const keyOf = {
  token_endpoint: 'access_token_endpoint',
  device_authorization_endpoint: 'device_authorization_endpoint',
} as const

/** Reads the discovery document, if one is configured. */
export async function discover({ discoveryEndpoint }: OidcClient, means: LoginMeans): Promise<Discovered> {
  const fields = discoveryEndpoint === undefined ? {} : await read(discoveryEndpoint, means)
  const grants = fields['grant_types_supported']
  return {
    grantTypes: Array.isArray(grants) ? grants.map(String) : undefined,
    endpoint(name, configured) {
      const url = configured ?? fields[name]
      if (typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) {
        refuseDowngrade(url, configured === undefined ? discoveryEndpoint : undefined)
        return url
      }
      throw new ConfigError(
        discoveryEndpoint === undefined
          ? `no ${keyOf[name]} is configured`
          : `${shownUrl(discoveryEndpoint)} names no ${name}`,
        { hint: `set ${keyOf[name]}${discoveryEndpoint === undefined ? ' or discovery_endpoint' : ''}` },
      )
    },
  }
}

async function read(url: string, means: LoginMeans): Promise<Readonly<Record<string, unknown>>> {
  const { status, fields, ...seen } = await means.send({ url })
  if (status < 300) return fields
  throw errorFromStatus({
    ...seen,
    status,
    message: `the discovery document cannot be read: ${seen.url} returned ${status}`,
    hint: 'is discovery_endpoint right? It looks like https://idp.example/.well-known/openid-configuration',
  })
}

/** A document that came over https must not send secrets over plain http. */
function refuseDowngrade(url: string, discovery: string | undefined): void {
  if (!discovery?.toLowerCase().startsWith('https:') || new URL(url).protocol === 'https:') return
  throw new ConfigError(`the discovery document names ${shownUrl(url)}, to which secrets would go unencrypted`, {
    hint: 'the identity provider is set up wrongly: it must name https endpoints',
  })
}
