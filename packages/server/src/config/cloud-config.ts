/** The embedded cloud's configuration, defaults filled in. `parseCloudConfig` creates it from `--config`. */
export interface CloudConfig {
  readonly region: string
  readonly tokenLifeSeconds: number
  readonly projects: readonly string[]
  readonly users: readonly UserConfig[]
  readonly image: ImageConfig
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

/** The settings of the image service. */
export interface ImageConfig {
  /** Empty: one unnamed store, and multi-store routes respond with 404. */
  readonly stores: readonly {
    readonly id: string
    readonly description?: string | undefined
    readonly default?: boolean | undefined
  }[]
  readonly importMethods: readonly string[]
  readonly quotas: {
    readonly members: number
    readonly properties: number
    readonly tags: number
    /** The most bytes that one image may have. */
    readonly imageSizeCapBytes: number
  }
  /** Refuse data that contradicts disk_format (Glance's `require_image_format_match`). */
  readonly requireFormatMatch: boolean
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
}

/** The settings of the image service as users write them: everything is optional. */
export interface ImageConfigInput {
  /** @default one unnamed store */
  readonly stores?: ImageConfig['stores'] | undefined
  readonly importMethods?: readonly string[] | undefined
  readonly quotas?: { readonly [K in keyof ImageConfig['quotas']]?: number | undefined } | undefined
  /** @default true */
  readonly requireFormatMatch?: boolean | undefined
}
