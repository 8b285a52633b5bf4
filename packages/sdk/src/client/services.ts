import { authenticate } from '../auth/authenticate.js'
import { tokenCacheKey } from '../auth/cache-key.js'
import type { KeystoneContext } from '../auth/keystone.js'
import { createSession, type Session } from '../auth/session.js'
import type { TokenGrant } from '../auth/token-grant.js'
import { findEndpoint } from '../catalog/find-endpoint.js'
import {
  identityService,
  imageService,
  objectStoreService,
  serviceRoot,
  type ServiceProfile,
} from '../catalog/service-root.js'
import type { CloudSettings, ServiceSettings } from '../config/cloud-settings.js'
import type { CloudOptions } from '../config/connect-options.js'
import { defaultRetryPolicy, type RetryPolicy } from '../retry/policy.js'
import { defaultTimeouts } from '../transport/defaults.js'
import type { Timeouts, Transport } from '../transport/transport.js'
import { createServiceClient } from './create-service-client.js'
import type { ServiceClient } from './service-client.js'
import { userAgent } from './user-agent.js'

/** The services of a cloud and the token they share. */
export interface Services {
  readonly session: Session
  readonly image: ServiceClient
  readonly objectStore: ServiceClient
  readonly identity: ServiceClient
}

/** Puts the clients together. Nothing is sent yet. */
export async function createServices(
  settings: CloudSettings,
  options: CloudOptions,
  transport: Transport,
): Promise<Services> {
  const common: KeystoneContext = {
    transport,
    retry: { ...defaultRetryPolicy, ...options.retry } satisfies RetryPolicy,
    timeouts: { ...defaultTimeouts, ...settings.timeouts, ...options.timeouts } satisfies Timeouts,
    logger: options.logger,
    userAgent: userAgent(options.userAgent),
  }
  const session = await cachedSession(settings, options, common)
  const client = (profile: ServiceProfile): ServiceClient =>
    createServiceClient({
      ...common,
      profile,
      session,
      root: (grant) => rootOf(settings, profile, grant),
      connectionHint: (root) => plainHttpHint(settings, profile, root),
    })
  return {
    session,
    image: client(imageService),
    objectStore: client(objectStoreService),
    identity: client(identityService),
  }
}

async function cachedSession(
  settings: CloudSettings,
  options: CloudOptions,
  context: KeystoneContext,
): Promise<Session> {
  const { auth } = settings
  const cache = options.tokenCache
  const key = cache && (await tokenCacheKey(auth))
  return createSession({
    authenticate: (signal) => authenticate(auth, context, signal),
    load: cache && key ? () => cache.load(key) : undefined,
    save: cache && key ? (grant) => cache.save(key, grant) : undefined,
  })
}

const noService: ServiceSettings = { endpointOverride: undefined, region: undefined, interfaces: undefined }

function rootOf(settings: CloudSettings, profile: ServiceProfile, grant: TokenGrant): string {
  const { auth } = settings
  // Keystone's own address is configured; the catalogue's may be meant for others (an admin port, an inner network).
  if (profile.name === 'identity' && auth.type !== 'none') return serviceRoot(profile, auth.authUrl, grant.projectId)
  const service = profile.name === 'identity' ? noService : settings.services[profile.name]
  const fixed = service.endpointOverride ?? (auth.type === 'none' ? auth.endpoint : undefined)
  if (fixed !== undefined) return serviceRoot(profile, fixed, grant.projectId)
  const url = findEndpoint(grant.catalog, {
    serviceTypes: profile.types,
    region: service.region ?? settings.region,
    interfaces: service.interfaces ?? settings.interfaces,
  })
  return serviceRoot(profile, url, grant.projectId)
}

function plainHttpHint(settings: CloudSettings, profile: ServiceProfile, root: string): string | undefined {
  const { auth } = settings
  if (auth.type === 'none' || !auth.authUrl.startsWith('https:') || !root.startsWith('http:')) return undefined
  const key = `${profile.name.replace('-', '_')}_endpoint_override`
  return `the catalogue lists ${root} with plain http while Keystone has https: if the service has https too, set ${key}`
}
