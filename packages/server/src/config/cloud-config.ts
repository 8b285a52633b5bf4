import type { Visibility } from '@tyrax/protocol'
import type { HashAlgorithm } from '../blobs/hash-algorithms.js'
import type { MappingRule } from '../identity/federation/mapping-rules.js'

/** The embedded cloud's configuration, defaults filled in. `parseCloudConfig` creates it from `--config`. */
export interface CloudConfig {
  readonly region: string
  readonly tokenLifeSeconds: number
  readonly projects: readonly string[]
  readonly users: readonly UserConfig[]
  readonly image: ImageConfig
  readonly identity: IdentityConfig
}

/** A user of the embedded cloud. */
export interface UserConfig {
  readonly name: string
  readonly password: string
  /** The project's name. */
  readonly project: string
  readonly roles: readonly string[]
  /** Base32, at least 16 bytes; with it, the user may also log in with a passcode. @default none */
  readonly totpSecret?: string | undefined
}

/** The settings of the identity service. */
export interface IdentityConfig {
  readonly identityProviders: readonly IdentityProviderConfig[]
  /** Where the page at the end of a web sign-on may send the token (Keystone's `[federation] trusted_dashboard`). */
  readonly trustedDashboards: readonly string[]
}

/** An OpenID Connect provider whose users may sign in. */
export interface IdentityProviderConfig {
  /** Keystone's name of it, `identity_provider` for clients. */
  readonly name: string
  /** Its URL; the discovery document is below it. */
  readonly issuer: string
  /** Keystone's name of the protocol. */
  readonly protocol: string
  /** The client that this cloud is at the provider: for web sign-on, and to have tokens of clients checked. */
  readonly clientId?: string | undefined
  readonly clientSecret?: string | undefined
  /** What web sign-on asks the provider for. */
  readonly scope?: string | undefined
  /** Keystone's rules: what a user of the provider is here. */
  readonly mapping: readonly MappingRule[]
}

/** The settings of the image service. */
export interface ImageConfig {
  /** Empty: one unnamed store, and multi-store routes respond with 404. */
  readonly stores: readonly StoreConfig[]
  readonly importMethods: readonly string[]
  /** What web-download may reach (Glance's `import_filtering_opts`). */
  readonly importFilter: ImportFilter
  /** The image services of other regions of the same Keystone, from which glance-download copies. */
  readonly remoteRegions: readonly RemoteRegion[]
  /** How long the server of a download may send nothing before the import fails. */
  readonly importIdleSeconds: number
  readonly quotas: ImageQuotas
  /** Refuse data that contradicts disk_format (Glance's `require_image_format_match`). */
  readonly requireFormatMatch: boolean
  /** The disk formats that images may have (Glance's `disk_formats`). */
  readonly diskFormats: readonly string[]
  /** The container formats that images may have (Glance's `container_formats`). */
  readonly containerFormats: readonly string[]
  /** The algorithm of `os_hash_value` (Glance's `hashing_algorithm`). */
  readonly hashAlgorithm: HashAlgorithm
  /** The visibility of an image that is created without one. */
  readonly defaultVisibility: Visibility
  /** Show where images are stored, and let PATCH change it (Glance's `show_multiple_locations`). */
  readonly showMultipleLocations: boolean
  /** Show the URL of the first location as `direct_url` (Glance's `show_image_direct_url`). */
  readonly showDirectUrl: boolean
  /** Undefined: no image cache, and its routes respond with 404. */
  readonly cache?: { readonly maxSizeBytes: number } | undefined
  /**
   * Who may create, read, update and delete which custom properties; the first rule whose expression is found in a
   * property's name decides (Glance's `property_protection_file`). Undefined: everyone who may change the image
   */
  readonly propertyProtections?: readonly PropertyProtection[] | undefined
  /** Whether a new database gets the namespaces of metadata definitions that come with Glance. */
  readonly metadefs: 'builtin' | 'none'
}

/** What can be done with a custom property. */
export type PropertyOperation = 'create' | 'read' | 'update' | 'delete'

/** A rule about the custom properties in whose names `property`, a regular expression, is found. */
export interface PropertyProtection extends Readonly<Record<PropertyOperation, readonly string[]>> {
  readonly property: string
}

/**
 * What web-download may reach. A list of allowed values outweighs the one of disallowed values, and an empty one allows
 * all. Loopback, link-local and other special addresses are only reached through a host in `allowedHosts`.
 */
export interface ImportFilter {
  readonly allowedSchemes: readonly string[]
  readonly disallowedSchemes: readonly string[]
  readonly allowedHosts: readonly string[]
  readonly disallowedHosts: readonly string[]
  /** Ports that a URL may name. */
  readonly allowedPorts: readonly number[]
  readonly disallowedPorts: readonly number[]
}

/** The image service of another region. */
export interface RemoteRegion {
  readonly region: string
  /** Without a version. */
  readonly url: string
}

/** One store of the image service. */
export interface StoreConfig {
  readonly id: string
  /** `http`: images stay at their URLs and are read from there; nothing can be uploaded to it. @default 'file' */
  readonly type?: 'file' | 'http' | undefined
  readonly description?: string | undefined
  readonly default?: boolean | undefined
  /** Refuse new data. @default false for type file; a store of type http always is */
  readonly readOnly?: boolean | undefined
}

/** Whether the store refuses new data. */
export function isReadOnly(store: StoreConfig): boolean {
  return store.readOnly === true || store.type === 'http'
}

/** The store that takes data for which no other one is named: the one marked, otherwise the first that takes data. */
export function defaultStore(stores: readonly StoreConfig[]): StoreConfig | undefined {
  return stores.find((store) => store.default) ?? stores.find((store) => !isReadOnly(store))
}

/** Limits on what images take. */
export interface ImageQuotas {
  /** Members of one image. */
  readonly members: number
  /** Custom properties of one image. */
  readonly properties: number
  /** Tags of one image. */
  readonly tags: number
  /** Locations of one image. */
  readonly locations: number
  /** The most bytes that one image may have. */
  readonly imageSizeCapBytes: number
  /** All images of a project, in MiB (Glance's limit `image_size_total`). @default no limit */
  readonly imageSizeTotalMiB?: number | undefined
  /** What a project's imports stage, in MiB (`image_stage_total`). @default no limit */
  readonly imageStageTotalMiB?: number | undefined
  /** The number of a project's images (`image_count_total`). @default no limit */
  readonly imageCountTotal?: number | undefined
  /** Uploads and imports of a project at the same time (`image_count_uploading`). @default no limit */
  readonly imageCountUploading?: number | undefined
}

/** A configuration as users write it: everything is optional. */
export interface CloudConfigInput {
  /** @default 'RegionOne' */
  readonly region?: string | undefined
  /** @default 3600 */
  readonly tokenLifeSeconds?: number | undefined
  /** Project names. @default the projects of the users */
  readonly projects?: readonly string[] | undefined
  /** A user of several projects is listed once for each. @default admin and demo */
  readonly users?: readonly UserConfig[] | undefined
  readonly image?: ImageConfigInput | undefined
  readonly identity?: IdentityConfigInput | undefined
}

/** The settings of the identity service as users write them: everything is optional. */
export interface IdentityConfigInput {
  /** @default none. `protocol` is `openid` unless it is named */
  readonly identityProviders?:
    | readonly (Omit<IdentityProviderConfig, 'protocol'> & { readonly protocol?: string | undefined })[]
    | undefined
  /** @default the addresses that `v3websso` listens on: `http://localhost:9990/auth/websso/`, and with 127.0.0.1 */
  readonly trustedDashboards?: readonly string[] | undefined
}

/** The settings of the image service as users write them: everything is optional. */
export interface ImageConfigInput {
  /** @default one unnamed store */
  readonly stores?: ImageConfig['stores'] | undefined
  readonly importMethods?: readonly string[] | undefined
  /** @default the schemes http and https, any host, the ports 80 and 443 */
  readonly importFilter?: { readonly [K in keyof ImportFilter]?: ImportFilter[K] | undefined } | undefined
  /** @default none: glance-download copies within this cloud */
  readonly remoteRegions?: readonly RemoteRegion[] | undefined
  /** @default 60 */
  readonly importIdleSeconds?: number | undefined
  readonly quotas?: { readonly [K in keyof ImageQuotas]?: number | undefined } | undefined
  /** @default true */
  readonly requireFormatMatch?: boolean | undefined
  /** @default the disk formats of a stock Glance */
  readonly diskFormats?: readonly string[] | undefined
  /** @default the container formats of a stock Glance */
  readonly containerFormats?: readonly string[] | undefined
  /** @default 'sha512' */
  readonly hashAlgorithm?: HashAlgorithm | undefined
  /** @default 'shared' */
  readonly defaultVisibility?: Visibility | undefined
  /** @default false */
  readonly showMultipleLocations?: boolean | undefined
  /** @default false */
  readonly showDirectUrl?: boolean | undefined
  /**
   * Keep a second copy of images that are downloaded or queued, as a Glance with `image_cache_dir` does. `maxSizeBytes`:
   * what `prune` reduces the cache to, 10 GiB by default.
   * @default false
   */
  readonly cache?: boolean | { readonly maxSizeBytes?: number | undefined } | undefined
  /** For each operation the roles that may do it, `['@']` for everyone or `['!']` for nobody. @default no protection */
  readonly propertyProtections?: readonly PropertyProtection[] | undefined
  /**
   * The namespaces of metadata definitions that a new database has: those that come with Glance, or none.
   * @default 'builtin'
   */
  readonly metadefs?: ImageConfig['metadefs'] | undefined
}
