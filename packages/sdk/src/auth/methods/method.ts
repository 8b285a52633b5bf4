import type { HttpError } from '../../errors/http-error.js'
import type { AuthValues } from '../auth-values.js'
import type { LoginMeans } from '../login-means.js'
import type { Scope, NamedInDomain } from '../scope.js'
import type { TokenGrant } from '../token-grant.js'

/**
 * Everything about one way to log in: its names, what it needs, and what it sends.
 * `Settings` is what it reads from a configuration; `Options` are its options in `connect({ auth })`.
 */
export interface AuthMethod<Settings extends { readonly type: string }, Options = object> {
  readonly type: Settings['type']
  /** Its `auth_type` names, in lower case. */
  readonly authTypes: readonly string[]
  /** The keys of `auth` that belong to it; its environment variables have the same names, as in `OS_USERNAME`. */
  readonly keys: readonly string[]
  readonly secrets: readonly Secret[]
  /** Whether values without an `auth_type` imply this method. When they imply none, the password method is used. */
  isMeant?(has: (key: string) => boolean): boolean
  /** @throws ConfigError naming what is missing, and where it was looked for */
  read(values: AuthValues): Settings
  /** Whether the same login works only once, so that a token that expires cannot be replaced. */
  isOneTime?(auth: Settings): boolean
  /** Its proof of identity. Absent: this method cannot be one of several factors. */
  readonly factor?: Factor<Settings>
  /** Gets a token. */
  authenticate(auth: Settings, keystone: Keystone, means: LoginMeans): Promise<TokenGrant>
  /** The settings of the unscoped token that a login with any scope begins with. Absent: there is none. */
  withoutScope?(auth: Settings): Settings
  /** Values that must not appear in logs and errors. */
  secretsOf(auth: Settings): readonly (string | undefined)[]
  /** What distinguishes its tokens in a cache. Undefined: its tokens must not be cached. */
  cacheIdentity(auth: Settings): CacheIdentity | undefined
  /** Never set: it only carries the type of the options. */
  readonly options?: Options
}

/** A value that a clouds file may omit because an environment variable supplies it. */
export interface Secret {
  readonly key: string
  /** A cloud uses this secret only if it has a value for one of these keys. */
  readonly with: readonly string[]
  /** It is entered for every login, so it does not identify a cloud or a login method. */
  readonly isOneTime?: boolean
}

/** What one method contributes to a request for a token. */
export interface Factor<Settings> {
  /** Keyed by Keystone's name of the method, as below `auth.identity`. */
  proof(auth: Settings): Readonly<Record<string, object>>
  /** A hint for a 401. For security, Keystone itself does not report the reason. */
  readonly whenRefused: string
  /** Whether an error other than a 401 means the same. */
  isRefusal?(error: HttpError): boolean
}

/** Who a token is for, and the secret that was used to get it. */
export interface CacheIdentity {
  readonly who: object
  readonly secret: string
}

/** The requests that make up a login, on one Keystone. */
export interface Keystone {
  /** `POST /v3/auth/tokens`. @throws UnauthorizedError with the hint of the factor */
  issue(login: Login): Promise<TokenGrant>
  /**
   * `GET /v3/auth/tokens` for a token, authenticated by itself. @throws UnauthorizedError when it is not valid any more
   */
  validate(authUrl: string, token: string, refusal: Refusal): Promise<TokenGrant>
  /**
   * An unscoped token for an access token of an identity provider, from the route that Keystone protects with that
   * provider. @throws UnauthorizedError with the hint
   */
  federate(where: FederatedRoute, accessToken: string, whenRefused: string): Promise<TokenGrant>
}

export interface FederatedRoute {
  readonly authUrl: string
  readonly identityProvider: string
  readonly protocol: string
}

export interface Login extends Omit<Factor<never>, 'proof'> {
  readonly authUrl: string
  readonly proof: Readonly<Record<string, object>>
  /** Undefined: the server chooses the scope. */
  readonly scope: Scope | undefined
  /** What else can prove the user's identity, if Keystone requires more methods. */
  readonly spare?: SpareProof | undefined
}

export interface SpareProof {
  readonly user: NamedInDomain
  readonly password?: string | undefined
  readonly passcode?: string | undefined
}

/** How an invalid token is reported: the text before Keystone's message, and the hint. */
export interface Refusal {
  readonly message: string
  readonly hint: string
}

/** One login with one factor. */
export function issueWith<Settings extends { readonly authUrl: string; readonly scope?: Scope | undefined }>(
  factor: Factor<Settings>,
  auth: Settings,
  keystone: Keystone,
  spare?: SpareProof,
): Promise<TokenGrant> {
  return keystone.issue({ ...factor, authUrl: auth.authUrl, proof: factor.proof(auth), scope: auth.scope, spare })
}
