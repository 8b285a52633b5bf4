import type { Caller } from '../../context.js'
import { Refusal } from '../../refusal.js'
import { requireSelf } from '../access/policy.js'
import { ec2Id, isEc2, readEc2Blob, requireSameLimits } from '../ec2-credentials/ec2-blob.js'
import { conflict, couldNotFind, forbidden } from '../errors.js'
import { freshId } from '../stable-id.js'
import type { TokenService } from '../tokens/token-service.js'
import type { Credential } from './credential.js'
import type { CredentialRepository } from './credential-repository.js'
import { isDelegated, refuseDelegated } from './delegated-token.js'

type NewCredential = Omit<Credential, 'id'>

/** The credentials that users log in with (keystone/api/credentials.py). */
export interface CredentialService {
  /** The caller's own credentials; everyone's for an admin; none for a token of an application credential. */
  list(
    caller: Caller,
    wanted: { readonly userId?: string | undefined; readonly type?: string | undefined },
  ): Credential[]
  /** @throws conflict when there is a credential of the type ec2 with the same access key */
  create(caller: Caller, credential: NewCredential): Credential
  get(caller: Caller, id: string): Credential
  /** Replaces its content. What a credential of the type ec2 is limited to cannot change. */
  update(caller: Caller, id: string, blob: string): Credential
  remove(caller: Caller, id: string): void
}

interface CredentialServiceParts {
  readonly credentials: CredentialRepository
  readonly tokens: TokenService
}

export function createCredentialService({ credentials, tokens }: CredentialServiceParts): CredentialService {
  const find = (caller: Caller, id: string, action: string): Credential => {
    const credential = credentials.find(id)
    // A caller that may not see the credential must not learn whether it exists.
    if (!caller.isAdmin && credential?.userId !== caller.userId) throw forbidden(`identity:${action}`)
    if (credential === undefined) throw couldNotFind('credential', id)
    refuseDelegated(caller, tokens)
    return credential
  }
  return {
    list(caller, { userId, type }) {
      const found = isDelegated(caller, tokens) ? [] : credentials.list(userId, type)
      return found.filter((each) => caller.isAdmin || each.userId === caller.userId)
    },
    create(caller, wanted) {
      requireSelf(caller, wanted.userId, 'create_credential')
      refuseDelegated(caller, tokens)
      const id = isEc2(wanted.type) ? ec2Id(readEc2Blob(wanted.blob).access) : freshId()
      requireRoom(credentials.list(wanted.userId).length)
      if (credentials.find(id) !== undefined) throw conflict('credential', `Duplicate entry found with ID ${id}`)
      const credential = { ...wanted, id }
      credentials.insert(credential)
      return credential
    },
    get: (caller, id) => find(caller, id, 'get_credential'),
    update(caller, id, blob) {
      const credential = find(caller, id, 'update_credential')
      if (isEc2(credential.type)) requireSameLimits(readEc2Blob(credential.blob), readEc2Blob(blob))
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
