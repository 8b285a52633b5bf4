import type { Caller } from '../../context.js'
import { Refusal } from '../../refusal.js'
import { requireAdmin, requireReader } from '../access/policy.js'
import type { Credential } from '../credentials/credential.js'
import type { CredentialRepository } from '../credentials/credential-repository.js'
import type { CredentialService } from '../credentials/credential-service.js'
import { refuseDelegated } from '../credentials/delegated-token.js'
import { couldNotFind } from '../errors.js'
import type { ProjectRepository } from '../projects/project-repository.js'
import { freshId } from '../stable-id.js'
import type { TokenService } from '../tokens/token-service.js'
import type { UserRepository } from '../users/user-repository.js'
import { ec2Id } from './ec2-blob.js'

/**
 * Access keys, each with a secret, for the EC2 and S3 APIs (keystone/api/users.py `UserOSEC2Credentials…`). They are
 * credentials of the type ec2.
 */
export interface Ec2CredentialService {
  list(caller: Caller, userId: string): Credential[]
  get(caller: Caller, userId: string, access: string): Credential
  /** Generates an access key and its secret. @param projectId as a message shows it, too */
  create(caller: Caller, userId: string, projectId: string): Credential
  remove(caller: Caller, userId: string, access: string): void
}

interface Ec2CredentialServiceParts {
  readonly credentials: CredentialRepository
  readonly allCredentials: CredentialService
  readonly users: UserRepository
  readonly projects: ProjectRepository
  readonly tokens: TokenService
}

export function createEc2CredentialService(parts: Ec2CredentialServiceParts): Ec2CredentialService {
  const { credentials, allCredentials, users, projects, tokens } = parts
  const requireUser = (id: string) => {
    if (users.find(id) === undefined) throw couldNotFind('user', id)
  }
  /** What does not exist is told to everyone: keys cannot be guessed. */
  const find = (access: string): Credential => {
    const credential = credentials.find(ec2Id(access))
    if (credential === undefined) throw couldNotFind('credential', ec2Id(access))
    return credential
  }
  /** @throws unauthenticated when the credential has another type, as in Keystone */
  const requireUsable = (caller: Caller, userId: string, { type }: Credential) => {
    requireUser(userId)
    if (type !== ec2) throw new Refusal('unauthenticated', 'EC2 access key not found.')
    refuseDelegated(caller, tokens)
  }
  return {
    list(caller, userId) {
      if (caller.userId !== userId) requireReader(caller, 'ec2_list_credentials')
      refuseDelegated(caller, tokens)
      requireUser(userId)
      return credentials.list(userId, ec2)
    },
    get(caller, userId, access) {
      const credential = find(access)
      if (caller.userId !== credential.userId) requireReader(caller, 'ec2_get_credential')
      requireUsable(caller, userId, credential)
      return credential
    },
    create(caller, userId, projectId) {
      requireMemberItself(caller, userId, 'ec2_create_credential')
      requireUser(userId)
      if (projects.find(projectId) === undefined) throw couldNotFind('project', projectId)
      const blob = `{"access": "${freshId()}", "secret": "${freshId()}", "trust_id": null}`
      return allCredentials.create(caller, { userId, projectId, type: ec2, blob })
    },
    remove(caller, userId, access) {
      const credential = find(access)
      requireMemberItself(caller, credential.userId, 'ec2_delete_credential')
      requireUsable(caller, userId, credential)
      credentials.remove(credential.id)
    },
  }
}

const ec2 = 'ec2'

/** @throws forbidden unless the caller is that user, with the role member, or an admin */
function requireMemberItself(caller: Caller, userId: string, action: string): void {
  if (caller.userId !== userId || !caller.roles.includes('member')) requireAdmin(caller, action)
}
