import type { HttpError } from '../../errors/http-error.js'
import type { AuthValues } from '../auth-values.js'
import type { Scope } from '../scope.js'
import type { TokenGrant } from '../token-grant.js'

/**
 * One way to log in, whole: what it is called, what it needs, and what it sends.
 * `Settings` is what it has read from a configuration; `Options` are its names in `connect({ auth })`.
 */
export interface AuthMethod<Settings extends { readonly type: string }, Options = object> {
  readonly type: Settings['type']
  /** Its names as `auth_type`, in lower case. */
  readonly authTypes: readonly string[]
  /** The keys of `auth` that are its own; also the names of its variables, as in `OS_USERNAME`. */
  readonly keys: readonly string[]
  readonly secret?: Secret
  /** Whether values without an `auth_type` mean this method. Where no method is meant, it is a password. */
  isMeant?(has: (key: string) => boolean): boolean
  /** @throws ConfigError naming what is missing, and where it was looked for */
  read(values: AuthValues): Settings
  /** Whether the same login works no second time, so that a token that ends cannot be replaced. */
  isOneTime?(auth: Settings): boolean
  /** How Keystone is convinced. Absent: this method cannot be one of several factors. */
  readonly factor?: Factor<Settings>
  /** Gets a token. */
  authenticate(auth: Settings, keystone: Keystone): Promise<TokenGrant>
  /** What logs and errors must not show. */
  secretsOf(auth: Settings): readonly (string | undefined)[]
  /** What tells its tokens from others in a cache. Undefined: they are not to be kept. */
  cacheIdentity(auth: Settings): CacheIdentity | undefined
  /** Never there: it carries the type of the options. */
  readonly options?: Options
}

/** A value that a clouds file may leave out, because a variable adds it. */
export interface Secret {
  readonly key: string
  /** Keys of which a cloud has one if it is to have this secret. */
  readonly with: readonly string[]
  /** It is entered for every login: it says nothing of which cloud is meant, or of how to log in. */
  readonly isOneTime?: boolean
}

/** What one method contributes to a request for a token. */
export interface Factor<Settings> {
  /** By Keystone's name for the method, as below `auth.identity`. */
  proof(auth: Settings): Readonly<Record<string, object>>
  /** What a 401 may mean. Keystone itself does not say, for safety's sake. */
  readonly whenRefused: string
  /** Whether an error that is no 401 means the same. */
  isRefusal?(error: HttpError): boolean
}

/** Who a token is for, and the secret that it was got with. */
export interface CacheIdentity {
  readonly who: object
  readonly secret: string
}

/** The requests that a login is made of, on one Keystone. */
export interface Keystone {
  /** `POST /v3/auth/tokens`. @throws UnauthorizedError with the hint of the factor */
  issue(login: Login): Promise<TokenGrant>
  /** `GET /v3/auth/tokens` for a token, by itself. @throws UnauthorizedError when it does not count any more */
  validate(authUrl: string, token: string, refusal: Refusal): Promise<TokenGrant>
}

export interface Login extends Omit<Factor<never>, 'proof'> {
  readonly authUrl: string
  readonly proof: Readonly<Record<string, object>>
  /** Undefined: the server chooses. */
  readonly scope: Scope | undefined
}

/** How it is reported that a token does not count: before Keystone's words, and as a hint. */
export interface Refusal {
  readonly message: string
  readonly hint: string
}

/** One login with one factor. */
export function issueWith<Settings extends { readonly authUrl: string; readonly scope?: Scope | undefined }>(
  factor: Factor<Settings>,
  auth: Settings,
  keystone: Keystone,
): Promise<TokenGrant> {
  return keystone.issue({ ...factor, authUrl: auth.authUrl, proof: factor.proof(auth), scope: auth.scope })
}
