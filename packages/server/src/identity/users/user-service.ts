import type { Caller } from '../../context.js'
import { requireDomainReader, requireManager, requireManagerOf, requireSelfOrReader } from '../access/policy.js'
import type { Departures } from '../departures.js'
import { defaultDomain, isDefaultDomainId } from '../domains/default-domain.js'
import { couldNotFind, unauthorized } from '../errors.js'
import { namedRecords } from '../named-records.js'
import { extraFields, mergeOptions, requireSamePlace, type Attributes } from '../schema.js'
import { hashSecret, proveSecret } from '../secret-hash.js'
import { freshId } from '../stable-id.js'
import type { UserRecord, UserRepository } from './user-repository.js'
import { userFields } from './user-schema.js'

/** Filters for listing users; a field that is left out matches all. */
export interface UserFilter {
  readonly name?: string | undefined
  readonly domainId?: string | undefined
  readonly enabled?: boolean | undefined
}

/** The users (keystone/api/users.py, keystone/identity/core.py). */
export interface UserService {
  list(caller: Caller, filter: UserFilter): UserRecord[]
  get(caller: Caller, id: string): UserRecord
  create(caller: Caller, fields: Attributes): UserRecord
  /** A new password, and disabling the user, ends the user's tokens. */
  update(caller: Caller, id: string, fields: Attributes): UserRecord
  /** Tokens, grants, credentials and application credentials end with the user. */
  remove(caller: Caller, id: string): void
  /** Needs no token, only the old password. Ends the user's tokens. @throws unauthenticated */
  changePassword(id: string, original: string, password: string): Promise<void>
}

interface UserServiceParts {
  readonly users: UserRepository
  readonly departures: Departures
}

export function createUserService({ users, departures }: UserServiceParts): UserService {
  const { find, requireUnusedName } = namedRecords('user', users)
  return {
    list(caller, { name, domainId, enabled }) {
      requireDomainReader(caller, 'list_users')
      if (!isDefaultDomainId(domainId)) return []
      return users.list(name).filter((user) => (enabled ?? user.enabled) === user.enabled)
    },
    get(caller, id) {
      requireSelfOrReader(caller, id, 'get_user')
      return find(id)
    },
    create(caller, fields) {
      requireManagerOf(caller, fields['domain_id'], 'create_user')
      if (!isDefaultDomainId(fields['domain_id'])) throw couldNotFind('domain', String(fields['domain_id']))
      const user = changed({ ...newUser, id: freshId() }, fields)
      const taken = `Duplicate entry found with name ${user.name} at domain ID ${defaultDomain.id}`
      requireUnusedName(user.name, user.id, taken)
      users.insert(user)
      return user
    },
    update(caller, id, fields) {
      requireManager(caller, 'update_user')
      const known = find(id)
      requireSamePlace(fields, id, defaultDomain.id)
      const user = changed(known, fields)
      requireUnusedName(user.name, id)
      users.update(user)
      const isEnded = known.enabled && !user.enabled
      if (isEnded || typeof fields['password'] === 'string') departures.endTokensOf(id)
      return user
    },
    remove(caller, id) {
      requireManager(caller, 'delete_user')
      departures.removeUser(find(id).id)
    },
    async changePassword(id, original, password) {
      const proved = users.find(id)
      const hash = proved?.enabled === true ? proved.passwordHash : null
      if (hash === null || !(await proveSecret(original, hash))) throw unauthorized()
      const user = users.find(id)
      // Another request may have changed it while the password was checked.
      if (user?.passwordHash !== hash || !user.enabled) throw unauthorized()
      users.update({ ...user, passwordHash: hashSecret(password) })
      departures.endTokensOf(id)
    },
  }
}

const newUser = { name: '', passwordHash: null, enabled: true, defaultProjectId: null, options: {}, extra: {} } as const

/** The user after a request, whose fields' types the schema has checked. */
function changed(known: UserRecord, fields: Attributes): UserRecord {
  const { name, password, enabled, default_project_id, options } = fields as {
    readonly name?: string
    readonly password?: string | null
    readonly enabled?: boolean
    readonly default_project_id?: string | null
    readonly options?: Attributes
  }
  return {
    id: known.id,
    name: name?.trim() ?? known.name,
    passwordHash: typeof password === 'string' ? hashSecret(password) : known.passwordHash,
    enabled: enabled ?? known.enabled,
    defaultProjectId: default_project_id === undefined ? known.defaultProjectId : default_project_id,
    options: mergeOptions(known.options, options),
    extra: { ...known.extra, ...extraFields(fields, userFields) },
  }
}
