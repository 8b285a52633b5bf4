import { randomBytes } from 'node:crypto'
import type { Caller } from '../../context.js'
import { Refusal } from '../../refusal.js'
import type { AccessRuleService } from '../access-rules/access-rule-service.js'
import { requireReader, requireSelf } from '../access/policy.js'
import { conflict, couldNotComply, couldNotFind, forbidden } from '../errors.js'
import type { Role, RoleRecord, RoleRepository } from '../roles/role-repository.js'
import { hashSecret } from '../secret-hash.js'
import { freshId } from '../stable-id.js'
import type { TokenRepository } from '../tokens/token-repository.js'
import type { TokenService } from '../tokens/token-service.js'
import type { ApplicationCredential } from './application-credential.js'
import type { ApplicationCredentialRepository } from './application-credential-repository.js'
import type { NewApplicationCredential } from './new-application-credential.js'

/** The application credentials of a user (keystone/api/users.py `UserAppCred…Resource`). */
export interface ApplicationCredentialService {
  list(caller: Caller, userId: string, name?: string): ApplicationCredential[]
  get(caller: Caller, userId: string, id: string): ApplicationCredential
  /** @throws forbidden unless the caller may create application credentials for the user at all */
  requireCreator(caller: Caller, userId: string): void
  /** The secret is only returned here; just its hash is stored. */
  create(caller: Caller, wanted: NewApplicationCredential): CreatedApplicationCredential
  /** The roles that a credential gives, as far as they still exist. */
  rolesOf(credential: ApplicationCredential): Omit<RoleRecord, 'extra'>[]
  /** Its tokens end with it. */
  remove(caller: Caller, userId: string, id: string): void
}

interface CreatedApplicationCredential {
  readonly credential: ApplicationCredential
  readonly secret: string
}

interface ApplicationCredentialServiceParts {
  readonly applicationCredentials: ApplicationCredentialRepository
  readonly accessRules: AccessRuleService
  readonly roles: RoleRepository
  readonly tokens: TokenService
  readonly tokenRecords: TokenRepository
  readonly now: () => Date
  /** Runs `work` in one transaction. */
  readonly inTransaction: (work: () => void) => void
}

export function createApplicationCredentialService({
  applicationCredentials,
  accessRules,
  roles,
  tokens,
  tokenRecords,
  now,
  inTransaction,
}: ApplicationCredentialServiceParts): ApplicationCredentialService {
  const find = (userId: string, id: string): ApplicationCredential => {
    const credential = applicationCredentials.find(id)
    if (credential?.userId !== userId) throw couldNotFind('Application Credential', id)
    return credential
  }
  /** A restricted credential must not be used to create or delete credentials. */
  const refuseRestricted = (caller: Caller, action: string) => {
    if (tokens.find(caller.token)?.applicationCredential?.unrestricted === false) throw forbidden(`identity:${action}`)
  }
  const requireCreator = (caller: Caller, userId: string) => {
    if (caller.userId !== userId) throw forbidden('identity:create_application_credential')
    refuseRestricted(caller, 'create_application_credential')
  }
  /** The requested roles and those that they imply; the token's own when none are requested. */
  const chooseRoles = (asked: readonly string[], own: readonly Role[]): string[] => {
    if (asked.length === 0) return own.map(({ name }) => name)
    const names = asked.map((idOrName) => {
      const role = own.find(({ id, name }) => id === idOrName || name === idOrName)
      if (role !== undefined) return role.name
      throw new Refusal(
        'invalid',
        'Invalid application credential: Cannot create an application credential with unassigned role',
      )
    })
    return roles.withImplied(names).map(({ name }) => name)
  }
  return {
    list(caller, userId, name) {
      if (caller.userId !== userId) requireReader(caller, 'list_application_credentials')
      return applicationCredentials.list(userId, name)
    },
    get(caller, userId, id) {
      if (caller.userId !== userId) requireReader(caller, 'get_application_credential')
      return find(userId, id)
    },
    requireCreator,
    create(caller, wanted) {
      const { userId, projectId } = caller
      requireCreator(caller, userId)
      if (projectId === undefined) {
        throw new Refusal('invalid', 'Invalid application credential: a token that is scoped to a project is needed')
      }
      const { name, description, expiresAt, unrestricted, secret = randomBytes(64).toString('base64url') } = wanted
      if (expiresAt !== null && expiresAt <= now().getTime()) {
        throw couldNotComply("The 'expires_at' must not be before now.")
      }
      const credential: ApplicationCredential = {
        id: freshId(),
        userId,
        projectId,
        name,
        description,
        secretHash: hashSecret(secret),
        roles: chooseRoles(wanted.roles, tokens.find(caller.token)?.roles ?? []),
        expiresAt,
        unrestricted,
        accessRules: accessRules.choose(userId, wanted.accessRules),
      }
      requireRoom(applicationCredentials.sizeOf(userId))
      if (applicationCredentials.list(userId, name).length > 0) {
        throw conflict('application_credential', `Duplicate entry found with name ${name}`)
      }
      inTransaction(() => {
        accessRules.keep(userId, credential.accessRules)
        applicationCredentials.insert(credential)
      })
      return { credential, secret }
    },
    rolesOf: (credential) =>
      roles
        .list()
        .filter(({ name }) => credential.roles.includes(name))
        .map(({ id, name, description, options }) => ({ id, name, description, options })),
    remove(caller, userId, id) {
      requireSelf(caller, userId, 'delete_application_credential')
      refuseRestricted(caller, 'delete_application_credential')
      const credential = find(userId, id)
      applicationCredentials.remove(credential.id)
      tokenRecords.removeOfCredential(credential.id)
    },
  }
}

/** Limited because a list is sent unpaged. Keystone has `user_limit` for this, which is off by default. */
const mostCredentials = 1000
const mostCharacters = 2 * 1024 ** 2

function requireRoom({ count, characters }: { readonly count: number; readonly characters: number }): void {
  if (count < mostCredentials && characters < mostCharacters) return
  throw new Refusal(
    'forbidden',
    `Unable to create additional application credentials, maximum of ${count} already exceeded for user.`,
  )
}
