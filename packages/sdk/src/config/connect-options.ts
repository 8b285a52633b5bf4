import type { AuthMethodOptions } from '../auth/methods/index.js'
import type { TokenCache } from '../auth/token-grant.js'
import type { Logger } from '../http/logger.js'
import type { RetryPolicy } from '../retry/policies.js'
import type { TransferLimits } from '../transfer/transfer-limits.js'
import type { Timeouts, Transport } from '../transport/transport.js'

/** Credentials and scope. A user or project given by name lies in a domain. @default domain id `default` */
export interface AuthOptions extends AuthMethodOptions {
  /** With or without `/v3`. */
  readonly authUrl?: string | undefined
  readonly userDomainId?: string | undefined
  readonly userDomainName?: string | undefined
  readonly projectId?: string | undefined
  readonly projectName?: string | undefined
  readonly projectDomainId?: string | undefined
  readonly projectDomainName?: string | undefined
  /** Without a project: the scope. With one: the domain of user and project. */
  readonly domainId?: string | undefined
  readonly domainName?: string | undefined
  /** `all`, for a token that acts on the whole system. */
  readonly systemScope?: 'all' | (string & {}) | undefined
  /** Ask for a token without scope. @default false */
  readonly unscoped?: boolean | undefined
}

/** The options of a cloud, in every runtime. */
export interface CloudOptions {
  readonly auth?: AuthOptions | undefined
  /** openstacksdk's names, in any case. @default found from `auth` */
  readonly authType?:
    | 'password'
    | 'token'
    | 'v3applicationcredential'
    | 'v3totp'
    | 'v3multifactor'
    | 'none'
    | (string & {})
    | undefined
  readonly region?: string | undefined
  /** Several are tried in their order: `internal,public`. @default 'public' */
  readonly interface?: 'public' | 'internal' | 'admin' | (string & {}) | undefined
  /** Used instead of the catalogue's. */
  readonly imageEndpointOverride?: string | undefined
  readonly objectStoreEndpointOverride?: string | undefined
  readonly timeouts?: Partial<Timeouts> | undefined
  readonly retry?: Partial<RetryPolicy> | undefined
  /** What all uploads and downloads of image data share on this cloud. @default no limits */
  readonly transfers?: TransferLimits | undefined
  readonly logger?: Logger | undefined
  /** Put before our own. */
  readonly userAgent?: string | undefined
  /** Keeps tokens between runs. @default none: a token lives as long as the cloud object */
  readonly tokenCache?: TokenCache | undefined
  /** Replaces the way to the network; `close()` closes it too. */
  readonly transport?: Transport | undefined
  /** Ends connecting. */
  readonly signal?: AbortSignal | undefined
}
