import type { Secrets } from '../http/secrets.js'

/** Whom to log in as: one of the methods of Keystone v3, or no Keystone at all. Exactly what a request needs, no more. */
export type AuthSettings = PasswordAuth | TokenAuth | ApplicationCredentialAuth | FixedEndpointAuth

/** A user or project, by id, or by name within a domain. */
export type NamedInDomain = { readonly id: string } | { readonly name: string; readonly domain: DomainRef }

/** A domain, by id or by name. */
export type DomainRef = { readonly id: string } | { readonly name: string }

/** What a token is for. Absent: whatever the server gives, which is unscoped or the user's default project. */
export type Scope =
  | { readonly project: NamedInDomain }
  | { readonly domain: DomainRef }
  | { readonly system: true }
  | 'unscoped'

export interface PasswordAuth {
  readonly type: 'password'
  readonly authUrl: string
  readonly user: NamedInDomain
  readonly password: string
  readonly scope: Scope | undefined
}

export interface TokenAuth {
  readonly type: 'token'
  readonly authUrl: string
  readonly token: string
  readonly scope: Scope | undefined
}

/** The scope is the credential's own. */
export interface ApplicationCredentialAuth {
  readonly type: 'applicationCredential'
  readonly authUrl: string
  readonly credential: { readonly id: string } | { readonly name: string; readonly user: NamedInDomain }
  readonly secret: string
}

/** A service without Keystone: no token, or always the same. */
interface FixedEndpointAuth {
  readonly type: 'none'
  /** The endpoint of every service that has no override. */
  readonly endpoint: string | undefined
  readonly token: string | undefined
  readonly projectId: string | undefined
}

/** The password, secret or token of a configuration. */
export function addSecretsOf(secrets: Secrets, auth: AuthSettings): void {
  if (auth.type === 'password') secrets.add(auth.password)
  else if (auth.type === 'applicationCredential') secrets.add(auth.secret)
  else secrets.add(auth.token)
}
