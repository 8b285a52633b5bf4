import type { Directory } from '../directory.js'
import { invalidField, unauthorized } from '../errors.js'
import { isDefaultDomain } from '../domains/default-domain.js'
import type { Scope } from '../tokens/scope.js'
import type { ReceiptService } from '../receipts/receipt-service.js'
import type { TokenService } from '../tokens/token-service.js'
import type { UserRecord } from '../users/user-repository.js'
import { optionalObjectAt, optionalStringAt, type Fields } from '../fields.js'

/** The user whose identity was proved, and what that binds the new token to. */
export interface Proof {
  readonly user: UserRecord
  /** The methods of the token that was exchanged. */
  readonly methods?: readonly string[] | undefined
  readonly parentAuditId?: string | undefined
  readonly expiresAt?: number | undefined
  /** The only scope that the new token may have, whatever scope is requested. */
  readonly boundScope?: Scope | undefined
  readonly applicationCredentialId?: string | undefined
}

/** One way to prove a user's identity: an entry of `auth.identity.methods`. */
export interface AuthMethod {
  readonly name: string
  /** @throws Refusal unauthenticated when nothing is proved */
  prove(fields: Fields, parts: AuthParts): Promise<Proof>
}

export interface AuthParts {
  readonly directory: Directory
  readonly tokens: TokenService
  readonly receipts: ReceiptService
  readonly now: () => Date
}

/** The user that `{id}` or `{name, domain}` refers to. @throws Refusal unauthenticated when there is none */
export function userAt(fields: Fields, path: string, { directory }: AuthParts): UserRecord {
  const id = optionalStringAt(fields, 'id', path)
  const name = optionalStringAt(fields, 'name', path)
  if (id === undefined && name === undefined) throw invalidField(path, 'id or name must be present.')
  if (id !== undefined) return enabled(directory.users.find(id))
  const named = isDefaultDomain(optionalObjectAt(fields, 'domain', path))
    ? directory.users.findByName(name ?? '')
    : undefined
  return enabled(named)
}

/** A disabled user cannot log in, and is refused as an unknown one. */
function enabled(user: UserRecord | undefined): UserRecord {
  if (user?.enabled !== true) throw unauthorized()
  return user
}
