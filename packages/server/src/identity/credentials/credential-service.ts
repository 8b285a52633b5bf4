import type { Caller } from '../../context.js'
import { Refusal } from '../../refusal.js'
import { requireSelf } from '../access/policy.js'
import { couldNotFind, forbidden } from '../errors.js'
import type { TokenService } from '../tokens/token-service.js'
import type { Credential } from './credential.js'
import type { CredentialRepository } from './credential-repository.js'

/** The credentials that users log in with (keystone/api/credentials.py). */
export interface CredentialService {
  /** The caller's own credentials; everyone's for an admin; none for a token of an application credential. */
  list(
    caller: Caller,
    wanted: { readonly userId?: string | undefined; readonly type?: string | undefined },
  ): Credential[]
  create(caller: Caller, credential: Credential): void
  get(caller: Caller, id: string): Credential
  /** Replaces its content. */
  update(caller: Caller, id: string, blob: string): Credential
  remove(caller: Caller, id: string): void
}

interface CredentialServiceParts {
  readonly credentials: CredentialRepository
  readonly tokens: TokenService
}

export function createCredentialService({ credentials, tokens }: CredentialServiceParts): CredentialService {
  /** A token of an application credential must not become a way to log in as its user. */
  const isDelegated = (caller: Caller) => tokens.find(caller.token)?.applicationCredential !== undefined
  const refuseDelegated = (caller: Caller) => {
    if (!isDelegated(caller)) return
    throw new Refusal(
      'forbidden',
      'You are not authorized to perform the requested action: Delegated tokens cannot access credentials directly.',
    )
  }
  const find = (caller: Caller, id: string, action: string): Credential => {
    const credential = credentials.find(id)
    // A caller that may not see the credential must not learn whether it exists.
    if (!caller.isAdmin && credential?.userId !== caller.userId) throw forbidden(`identity:${action}`)
    if (credential === undefined) throw couldNotFind('credential', id)
    refuseDelegated(caller)
    return credential
  }
  return {
    list(caller, { userId, type }) {
      const found = isDelegated(caller) ? [] : credentials.list(userId, type)
      return found.filter((each) => caller.isAdmin || each.userId === caller.userId)
    },
    create(caller, credential) {
      requireSelf(caller, credential.userId, 'create_credential')
      refuseDelegated(caller)
      requireRoom(credentials.list(credential.userId).length)
      credentials.insert(credential)
    },
    get: (caller, id) => find(caller, id, 'get_credential'),
    update(caller, id, blob) {
      const credential = find(caller, id, 'update_credential')
      credentials.update(credential.id, blob)
      return { ...credential, blob }
    },
    remove(caller, id) {
      credentials.remove(find(caller, id, 'delete_credential').id)
    },
  }
}

/** Limited because a list is sent unpaged; application credentials have the same limit. */
const mostCredentials = 1000

function requireRoom(count: number): void {
  if (count < mostCredentials) return
  throw new Refusal(
    'forbidden',
    `Unable to create additional credentials, maximum of ${count} already exceeded for user.`,
  )
}
