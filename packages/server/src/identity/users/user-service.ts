import type { Caller } from '../../context.js'
import { requireAdmin, requireSelf } from '../access/policy.js'
import { defaultDomain } from '../domains/default-domain.js'
import { couldNotFind } from '../errors.js'
import type { UserRecord, UserRepository } from './user-repository.js'

/** The users that may log in (keystone/api/users.py); they come from the configuration. */
export interface UserService {
  /** Lists the users, optionally filtered by name and domain. */
  list(
    caller: Caller,
    wanted: { readonly name?: string | undefined; readonly domainId?: string | undefined },
  ): UserRecord[]
  get(caller: Caller, id: string): UserRecord
}

export function createUserService(users: UserRepository): UserService {
  return {
    list(caller, { name, domainId = defaultDomain.id }) {
      requireAdmin(caller, 'list_users')
      return domainId === defaultDomain.id ? users.list(name) : []
    },
    get(caller, id) {
      requireSelf(caller, id, 'get_user')
      const user = users.find(id)
      if (user === undefined) throw couldNotFind('user', id)
      return user
    },
  }
}
