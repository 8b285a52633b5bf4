import type { CallOptions } from '../../service/call-options.js'

/** Where the data of an image is. */
export interface ImageLocation {
  /** May contain the credentials of the store. */
  readonly url: string
  /** `store` names the store that it belongs to. */
  readonly metadata: Readonly<Record<string, unknown>>
}

/** The hash that the data at a location must have. */
export interface LocationHash {
  /** Glance's name for it: `sha512`, `sha256`, … */
  readonly algorithm: string
  /** Lower-case hex. */
  readonly value: string
}

/** What `images.locations.add` takes. */
export interface AddLocationOptions extends CallOptions {
  /** The server compares it, and resets the image to `queued` when it differs. @default the server computes one */
  readonly hash?: LocationHash | undefined
}

/** What `images.locations.append` takes. */
export interface AppendLocationOptions extends CallOptions {
  /** E.g. the `store` that it belongs to. @default {} */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  /** Kept as the image's hash, without being compared. */
  readonly hash?: LocationHash | undefined
  /** The MD5 of the data, kept as the image's checksum. */
  readonly checksum?: string | undefined
}
