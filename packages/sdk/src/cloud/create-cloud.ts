import type { ReceiveForm } from '../auth/login-means.js'
import type { ServerTrust } from '../auth/cache-key.js'
import type { CloudSettings } from '../config/cloud-settings.js'
import type { CloudOptions } from '../config/connect-options.js'
import { EndpointNotFoundError } from '../errors/config-errors.js'
import { createIdentity } from '../identity/identity.js'
import { ImageManager } from '../image/image-manager.js'
import { ObjectStorage } from '../object-store/object-storage.js'
import type { Platform } from '../platform/platform.js'
import { createBudget, type TransferBudget } from '../transfer/transfer-limits.js'
import type { Transport } from '../transport/transport.js'
import type { Cloud } from './cloud.js'
import type { ServiceClient } from '../service/service-client.js'
import { createServices, imageHome, type Services } from './services.js'

/** What a {@link Cloud} is made of. */
export interface CloudParts {
  readonly settings: CloudSettings
  readonly options: CloudOptions
  readonly transport: Transport
  readonly trust: ServerTrust
  readonly platform: Platform
  /** Waits for the form at the end of a login in a browser. Absent where nothing can listen. */
  readonly receiveForm?: ReceiveForm | undefined
}

/**
 * Logs in, or takes a token from the cache, and creates the services. Closes the transport when it fails.
 * @throws UnauthorizedError for wrong credentials, ConnectionError, TimeoutError
 */
export async function createCloud(parts: CloudParts): Promise<Cloud> {
  const { settings, options, transport, trust } = parts
  const transfers = createBudget(options.transfers)
  const services = await createServices(settings, options, transport, trust, parts.receiveForm)
  try {
    await services.session.grant(options.signal)
  } catch (error) {
    services.session.close()
    await transport.close()
    throw error
  }
  return assemble(parts, services, transfers)
}

function assemble(
  { settings, options, platform, transport }: CloudParts,
  services: Services,
  transfers: TransferBudget,
): Cloud {
  const { session } = services
  const projectId = () => session.current?.projectId
  const { retry } = options
  const identity = createIdentity(services.identity, (signal) => session.grant(signal))
  // Without Keystone, projects have no names.
  const findProject =
    settings.auth.type === 'none'
      ? undefined
      : (name: string, signal?: AbortSignal) => identity.findProject(name, signal)
  const objects = new ObjectStorage({ client: services.objectStore, platform, retry })
  const images = new ImageManager({
    client: services.image,
    blockStorage: services.blockStorage,
    objects,
    projectId,
    findProject,
    home: async () => imageHome(settings, (await session.grant()).catalog),
    platform,
    transfers,
    retry,
  })
  const close = async () => {
    session.close()
    await transport.close()
  }
  return {
    images,
    objects,
    identity,
    get projectId() {
      return projectId()
    },
    get userId() {
      return session.current?.userId
    },
    region: settings.region,
    async endpoints() {
      const [image, objectStore] = await Promise.all([services.image, services.objectStore].map(endpointOf))
      return { image, objectStore }
    },
    token: async () => (await session.grant()).token,
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function endpointOf(client: ServiceClient): Promise<string | undefined> {
  try {
    return await client.endpoint()
  } catch (error) {
    if (error instanceof EndpointNotFoundError) return undefined
    throw error
  }
}
