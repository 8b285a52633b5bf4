import { authenticate } from '../auth/authenticate.js'
import { type ServerTrust, tokenCacheKey } from '../auth/cache-key.js'
import type { LoginMemory, ReceiveForm } from '../auth/login-means.js'
import { methodOf } from '../auth/methods/index.js'
import type { LoginContext } from '../auth/send-login.js'
import { createSession, type Session } from '../auth/session.js'
import type { TokenGrant } from '../auth/token-grant.js'
import type { Catalog } from '../catalog/catalog.js'
import { findEndpoint, findRegion } from '../catalog/find-endpoint.js'
import {
  blockStorageService,
  identityService,
  imageService,
  objectStoreService,
  type ServiceProfile,
  serviceRoot,
} from '../catalog/service-root.js'
import type { CloudSettings, ServiceSettings } from '../config/cloud-settings.js'
import type { CloudOptions } from '../config/connect-options.js'
import type { Logger } from '../http/logger.js'
import { createSecrets, hidingLogger } from '../http/secrets.js'
import type { ImageHome } from '../image/images/context.js'
import { userAgent } from '../http/user-agent.js'
import { defaultRetryPolicy, type RetryPolicy } from '../retry/policies.js'
import { createServiceClient } from '../service/create-service-client.js'
import type { ServiceClient } from '../service/service-client.js'
import { defaultTimeouts, type Timeouts, type Transport } from '../transport/transport.js'

/** The services of a cloud and the token they share. */
export interface Services {
  readonly session: Session
  readonly image: ServiceClient
  readonly objectStore: ServiceClient
  readonly identity: ServiceClient
  readonly blockStorage: ServiceClient
}

/** Creates the service clients. Sends nothing yet. */
export async function createServices(
  settings: CloudSettings,
  options: CloudOptions,
  transport: Transport,
  trust: ServerTrust,
  receiveForm?: ReceiveForm,
): Promise<Services> {
  const secrets = createSecrets()
  for (const secret of methodOf(settings.auth).secretsOf(settings.auth)) secrets.add(secret)
  const common: LoginContext = {
    secrets,
    transport,
    retry: { ...defaultRetryPolicy, ...options.retry } satisfies RetryPolicy,
    timeouts: { ...defaultTimeouts, ...settings.timeouts, ...options.timeouts } satisfies Timeouts,
    logger: hidingLogger(options.logger, secrets),
    userAgent: userAgent(options.userAgent),
  }
  const session = await cachedSession({ settings, options, trust, receiveForm }, common)
  const warn = downgradeWarning(settings, common.logger)
  const client = (profile: ServiceProfile): ServiceClient =>
    createServiceClient({
      ...common,
      profile,
      session,
      root(grant) {
        const root = rootOf(settings, profile, grant)
        warn(profile, root)
        return root
      },
      connectionHint: (root) => plainHttpHint(settings, profile, root),
    })
  return {
    session,
    image: client(imageService),
    objectStore: client(objectStoreService),
    identity: client(identityService),
    blockStorage: client(blockStorageService),
  }
}

interface SessionParts {
  readonly settings: CloudSettings
  readonly options: CloudOptions
  readonly trust: ServerTrust
  readonly receiveForm: ReceiveForm | undefined
}

async function cachedSession(
  { settings, options, trust, receiveForm }: SessionParts,
  context: LoginContext,
): Promise<Session> {
  const { auth } = settings
  const cache = options.tokenCache
  const key = cache && tokenCacheKey(auth, trust)
  const unscoped = methodOf(auth).withoutScope?.(auth)
  const unscopedKey = cache && unscoped && tokenCacheKey(unscoped, trust)
  const remembered = <G extends TokenGrant | undefined>(grant: G): G => {
    context.secrets.add(grant?.token)
    return grant
  }
  const memory: LoginMemory =
    cache && unscopedKey && unscopedKey !== key
      ? {
          loadUnscoped: async () => remembered(await cache.load(unscopedKey)),
          saveUnscoped: (grant) => cache.save(unscopedKey, remembered(grant)),
        }
      : {}
  const authentication = { context, signIn: options.signIn ?? {}, receiveForm, memory }
  return createSession({
    authenticate: async (signal, previous) => remembered(await authenticate(auth, authentication, signal, previous)),
    load: cache && key ? async () => remembered(await cache.load(key)) : undefined,
    save: cache && key ? (grant) => cache.save(key, grant) : undefined,
  })
}

const noService: ServiceSettings = { endpointOverride: undefined, region: undefined, interfaces: undefined }

function rootOf(settings: CloudSettings, profile: ServiceProfile, grant: TokenGrant): string {
  const { auth } = settings
  // The address in the catalogue is not used: it may be meant for others (an admin port, an internal network).
  if (profile.name === 'identity' && auth.type !== 'none') return serviceRoot(profile, auth.authUrl, grant.projectId)
  const service = isConfigurable(profile.name) ? settings.services[profile.name] : noService
  const isImages = profile.name !== 'block-storage'
  const fixed = service.endpointOverride ?? (auth.type === 'none' && isImages ? auth.endpoint : undefined)
  if (fixed !== undefined) return serviceRoot(profile, fixed, grant.projectId)
  const url = findEndpoint(grant.catalog, {
    serviceTypes: profile.types,
    region: service.region ?? settings.region,
    interfaces: service.interfaces ?? settings.interfaces,
  })
  return serviceRoot(profile, url, grant.projectId)
}

/** Where the image service is, as far as the settings and the catalogue tell. */
export function imageHome({ auth, services, region, interfaces }: CloudSettings, catalog: Catalog): ImageHome {
  const named = services.image.region ?? region
  const query = {
    serviceTypes: imageService.types,
    region: named,
    interfaces: services.image.interfaces ?? interfaces,
  }
  return {
    keystone: auth.type === 'none' ? undefined : serviceRoot(identityService, auth.authUrl, undefined),
    region: named ?? findRegion(catalog, query),
  }
}

const isConfigurable = (name: ServiceProfile['name']): name is 'image' | 'object-store' =>
  name === 'image' || name === 'object-store'

function plainHttpHint(settings: CloudSettings, profile: ServiceProfile, root: string): string | undefined {
  if (!isDowngrade(settings, profile, root)) return undefined
  return `the catalogue lists ${root} with plain http while Keystone has https: ${overrideHint(profile)}`
}

/** Warns once for each endpoint that the token is sent there unencrypted. */
function downgradeWarning(settings: CloudSettings, logger: Logger | undefined) {
  const said = new Set<string>()
  return (profile: ServiceProfile, root: string): void => {
    if (said.has(root) || !isDowngrade(settings, profile, root)) return
    said.add(root)
    logger?.warn(
      `token and data go unencrypted to ${root}: the catalogue lists the ${profile.name} service with plain http while Keystone has https; ${overrideHint(profile)}`,
    )
  }
}

/** A configured endpoint was chosen by the user; one from the catalogue was not. */
function isDowngrade({ auth, services }: CloudSettings, { name }: ServiceProfile, root: string): boolean {
  if (name === 'identity' || auth.type === 'none') return false
  if (isConfigurable(name) && services[name].endpointOverride !== undefined) return false
  return auth.authUrl.toLowerCase().startsWith('https:') && root.startsWith('http:')
}

function overrideHint(profile: ServiceProfile): string {
  return `if the service has https too, set ${profile.name.replace('-', '_')}_endpoint_override (--os-${profile.name}-endpoint-override)`
}
