/** The embedded cloud's configuration, defaults filled in. `parseCloudConfig` makes one from `--config`. */
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
  /** Base32, at least 16 bytes: the user may log in with a passcode as well. @default none */
  readonly totpSecret?: string | undefined
}

/** The settings of the image service. */
export interface ImageConfig {
  /** Empty: one unnamed store, multi-store routes answer 404. */
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
    /** Bytes of one image. */
    readonly imageSizeCapBytes: number
  }
  /** Refuse data that contradicts disk_format (Glance's `require_image_format_match`). */
  readonly requireFormatMatch: boolean
}

/** A configuration as people write it: everything may be left out. */
export interface CloudConfigInput {
  /** @default 'RegionOne' */
  readonly region?: string | undefined
  /** @default 3600 */
  readonly tokenLifeSeconds?: number | undefined
  /** Names. @default those of the users */
  readonly projects?: readonly string[] | undefined
  /** A user of several projects is listed once for each. @default admin and demo */
  readonly users?: readonly UserConfig[] | undefined
  readonly image?: ImageConfigInput | undefined
}

/** The settings of the image service as people write them: everything may be left out. */
export interface ImageConfigInput {
  /** @default one store without a name */
  readonly stores?: ImageConfig['stores'] | undefined
  readonly importMethods?: readonly string[] | undefined
  readonly quotas?: { readonly [K in keyof ImageConfig['quotas']]?: number | undefined } | undefined
  /** @default true */
  readonly requireFormatMatch?: boolean | undefined
}
