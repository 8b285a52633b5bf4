import { authenticate } from '../auth/authenticate.js'
import { tokenCacheKey } from '../auth/cache-key.js'
import { createSession, type Session } from '../auth/session.js'
import type { TokenGrant } from '../auth/token-grant.js'
import { findEndpoint } from '../catalog/find-endpoint.js'
import { identityService, imageService, objectStoreService, serviceRoot, type ServiceProfile } from '../catalog/service-root.js'
import type { CloudSettings, ServiceSettings } from '../config/cloud-settings.js'
import type { CloudOptions } from '../config/connect-options.js'
import { createIdentity, type Identity } from '../identity/identity.js'
import { ImageManager } from '../images/image-manager.js'
import { ObjectStorage } from '../objects/object-storage.js'
import type { Platform } from '../platform/platform.js'
import { defaultRetryPolicy, type RetryPolicy } from '../retry/policy.js'
import { defaultTimeouts } from '../transport/defaults.js'
import type { Timeouts, Transport } from '../transport/transport.js'
import type { Cloud } from './cloud.js'
import { createServiceClient } from './create-service-client.js'
import type { ServiceClient } from './service-client.js'
import { userAgent } from './user-agent.js'

/** What a {@link Cloud} is made of. */
export interface CloudParts {
  readonly settings: CloudSettings
  readonly options: CloudOptions
  readonly transport: Transport
  readonly platform: Platform
}

/**
 * Logs in, or takes a token from the cache, and puts the services together. Closes the transport when it fails.
 * @throws UnauthorizedError for wrong credentials, ConnectionError, TimeoutError
 */
export async function createCloud(parts: CloudParts): Promise<Cloud> {
  const { settings, options, transport } = parts
  const common = {
    transport,
    retry: { ...defaultRetryPolicy, ...options.retry } satisfies RetryPolicy,
    timeouts: { ...defaultTimeouts, ...settings.timeouts, ...options.timeouts } satisfies Timeouts,
    logger: options.logger,
    userAgent: userAgent(options.userAgent),
  }
  const session = await createCloudSession(parts, common)
  try {
    await session.grant(options.signal)
  } catch (error) {
    session.close()
    await transport.close()
    throw error
  }
  const client = (profile: ServiceProfile): ServiceClient =>
    createServiceClient({
      ...common,
      profile,
      session,
      root: (grant) => rootOf(settings, profile, grant),
      connectionHint: (root) => plainHttpHint(settings, profile, root),
    })
  const identity = createIdentity(client(identityService), (signal) => session.grant(signal))
  return assemble(parts, session, { image: client(imageService), objects: client(objectStoreService), identity })
}

async function createCloudSession(parts: CloudParts, common: Parameters<typeof authenticate>[1]): Promise<Session> {
  const { auth } = parts.settings
  const cache = parts.options.tokenCache
  const key = cache && (await tokenCacheKey(auth))
  return createSession({
    authenticate: (signal) => authenticate(auth, common, signal),
    load: cache && key ? () => cache.load(key) : undefined,
    save: cache && key ? (grant) => cache.save(key, grant) : undefined,
  })
}

interface Services {
  readonly image: ServiceClient
  readonly objects: ServiceClient
  readonly identity: Identity
}

function assemble(parts: CloudParts, session: Session, services: Services): Cloud {
  const { settings, platform, transport } = parts
  const projectId = () => session.current?.projectId
  const objects = new ObjectStorage({ client: services.objects, platform })
  const images = new ImageManager({ client: services.image, objects, projectId, platform })
  const close = async () => {
    session.close()
    await transport.close()
  }
  return {
    images,
    objects,
    identity: services.identity,
    get projectId() {
      return projectId()
    },
    get userId() {
      return session.current?.userId
    },
    region: settings.region,
    token: async () => (await session.grant()).token,
    close,
    [Symbol.asyncDispose]: close,
  }
}

const noService: ServiceSettings = { endpointOverride: undefined, region: undefined, interfaces: undefined }

function rootOf(settings: CloudSettings, profile: ServiceProfile, grant: TokenGrant): string {
  const { auth } = settings
  // Its own address is configured; the catalogue's may be meant for others (an admin port, an inner network).
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
