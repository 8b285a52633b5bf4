import type { AuthSettings } from '../auth/methods/index.js'
import type { Timeouts } from '../transport/transport.js'

/** All settings of a cloud from the configuration, validated. */
export interface CloudSettings {
  readonly auth: AuthSettings
  readonly region: string | undefined
  /** In order of preference: `public`, `internal`, `admin`. */
  readonly interfaces: readonly string[]
  readonly services: Readonly<Record<'image' | 'object-store', ServiceSettings>>
  readonly tls: TlsSettings
  readonly timeouts: Partial<Timeouts>
}

/** Settings that differ for one service. */
export interface ServiceSettings {
  readonly endpointOverride: string | undefined
  readonly region: string | undefined
  readonly interfaces: readonly string[] | undefined
}

/** File names, as configured. */
export interface TlsSettings {
  readonly insecure: boolean
  readonly cacert: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  /** Where each of the files was configured, for messages. */
  readonly origins?: Readonly<Partial<Record<'cacert' | 'cert' | 'key', string>>> | undefined
}
