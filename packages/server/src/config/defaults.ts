import { containerFormats, diskFormats, imageLimits } from '@tyrax/protocol'
import type { CloudConfig } from './cloud-config.js'

/** The password of the default users. */
export const defaultPassword = 'secret'

/** Glance's `image_cache_max_size`. */
export const defaultCacheSizeBytes = 10 * 1024 ** 3

/** Projects and users `admin` and `demo`, password `secret`; everything else as in a stock OpenStack. */
export const defaultCloudConfig: CloudConfig = {
  region: 'RegionOne',
  tokenLifeSeconds: 3600,
  projects: ['admin', 'demo'],
  users: [
    { name: 'admin', password: defaultPassword, project: 'admin', roles: ['admin'] },
    { name: 'demo', password: defaultPassword, project: 'demo', roles: ['member'] },
  ],
  image: {
    stores: [],
    importMethods: ['glance-direct', 'web-download', 'copy-image'],
    importFilter: {
      allowedSchemes: ['http', 'https'],
      disallowedSchemes: [],
      allowedHosts: [],
      disallowedHosts: [],
      allowedPorts: [80, 443],
      disallowedPorts: [],
    },
    remoteRegions: [],
    importIdleSeconds: 60,
    quotas: {
      members: imageLimits.members,
      properties: imageLimits.properties,
      tags: imageLimits.tags,
      locations: imageLimits.locations,
      imageSizeCapBytes: imageLimits.sizeCapBytes,
    },
    requireFormatMatch: true,
    diskFormats,
    containerFormats,
    hashAlgorithm: 'sha512',
    defaultVisibility: 'shared',
    showMultipleLocations: false,
    showDirectUrl: false,
    metadefs: 'builtin',
  },
  identity: {
    identityProviders: [],
    trustedDashboards: ['http://localhost:9990/auth/websso/', 'http://127.0.0.1:9990/auth/websso/'],
  },
}

/** The default configuration with another password. */
export function withPassword(password: string): CloudConfig {
  return { ...defaultCloudConfig, users: defaultCloudConfig.users.map((user) => ({ ...user, password })) }
}
