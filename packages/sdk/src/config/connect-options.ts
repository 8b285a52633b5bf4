import type { SignIn } from '../auth/login-means.js'
import type { AuthMethodOptions } from '../auth/methods/index.js'
import type { TokenCache } from '../auth/token-grant.js'
import type { Logger } from '../http/logger.js'
import type { RetryPolicy } from '../retry/policies.js'
import type { TransferLimits } from '../transfer/transfer-limits.js'
import type { Timeouts, Transport } from '../transport/transport.js'

/** Credentials and scope. Without a domain, a user or project is in the default one. @default domain id `default` */
export interface AuthOptions extends AuthMethodOptions {
  /** With or without `/v3`. */
  readonly authUrl?: string | undefined
  readonly userDomainId?: string | undefined
  readonly userDomainName?: string | undefined
  readonly projectId?: string | undefined
  readonly projectName?: string | undefined
  readonly projectDomainId?: string | undefined
  readonly projectDomainName?: string | undefined
  /** Without a project, the scope; with one, the domain of the user and the project. */
  readonly domainId?: string | undefined
  readonly domainName?: string | undefined
  /** `all`, for a token with system scope. */
  readonly systemScope?: 'all' | (string & {}) | undefined
  /** Requests a token without a scope. @default false */
  readonly unscoped?: boolean | undefined
}

/** The options of a cloud, in every runtime. */
export interface CloudOptions {
  readonly auth?: AuthOptions | undefined
  /** openstacksdk's names, in any case. @default derived from `auth` */
  readonly authType?:
    | 'password'
    | 'token'
    | 'v3applicationcredential'
    | 'v3totp'
    | 'v3multifactor'
    | 'v3oidcaccesstoken'
    | 'v3oidcauthcode'
    | 'v3oidcclientcredentials'
    | 'v3oidcdeviceauthz'
    | 'v3oidcpassword'
    | 'v3websso'
    | 'http_basic'
    | 'none'
    | (string & {})
    | undefined
  readonly region?: string | undefined
  /** Several are tried in order: `internal,public`. @default 'public' */
  readonly interface?: 'public' | 'internal' | 'admin' | (string & {}) | undefined
  /** Used instead of the endpoint in the catalogue. */
  readonly imageEndpointOverride?: string | undefined
  readonly objectStoreEndpointOverride?: string | undefined
  readonly timeouts?: Partial<Timeouts> | undefined
  readonly retry?: Partial<RetryPolicy> | undefined
  /** Limits shared by all uploads and downloads of image data on this cloud. @default no limits */
  readonly transfers?: TransferLimits | undefined
  readonly logger?: Logger | undefined
  /** Put before tyrax's own User-Agent. */
  readonly userAgent?: string | undefined
  /** How a login that needs a person reaches one. @default no person: such a login fails */
  readonly signIn?: SignIn | undefined
  /** Keeps tokens between runs. @default none: a token lives as long as the cloud object */
  readonly tokenCache?: TokenCache | undefined
  /** Replaces the network transport; `close()` closes it too. */
  readonly transport?: Transport | undefined
  /** Aborts connecting. */
  readonly signal?: AbortSignal | undefined
}
