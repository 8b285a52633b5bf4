import type { Caller } from '../../context.js'
import { Refusal } from '../../refusal.js'
import { requireDomainReader, requireManager, requireSelfOrReader } from '../access/policy.js'
import type { Departures } from '../departures.js'
import { couldNotFind } from '../errors.js'
import type { UserRecord, UserRepository } from '../users/user-repository.js'
import type { GroupRecord, GroupRepository } from './group-repository.js'

/** Filters for listing the users in a group; a field that is left out matches all. */
export interface MemberFilter {
  readonly name?: string | undefined
  readonly enabled?: boolean | undefined
}

/** Which users are in which groups (keystone/api/groups.py, users.py `UserGroupsResource`). */
export interface MembershipService {
  groupsOf(caller: Caller, userId: string): GroupRecord[]
  membersOf(caller: Caller, groupId: string, filter: MemberFilter): UserRecord[]
  /** @throws not-found unless the user is in the group */
  check(caller: Caller, groupId: string, userId: string): void
  /** Nothing changes if the user is in the group already. */
  add(caller: Caller, groupId: string, userId: string): void
  /** Ends the tokens of the user. */
  remove(caller: Caller, groupId: string, userId: string): void
}

interface MembershipServiceParts {
  readonly groups: GroupRepository
  readonly users: UserRepository
  readonly departures: Departures
}

export function createMembershipService({ groups, users, departures }: MembershipServiceParts): MembershipService {
  const requireBoth = (groupId: string, userId: string) => {
    if (groups.find(groupId) === undefined) throw couldNotFind('group', groupId)
    if (users.find(userId) === undefined) throw couldNotFind('user', userId)
  }
  const requireMember = (groupId: string, userId: string) => {
    requireBoth(groupId, userId)
    if (groups.listOf(userId).some(({ id }) => id === groupId)) return
    throw new Refusal('not-found', `User '${userId}' not found in group '${groupId}'`)
  }
  return {
    groupsOf(caller, userId) {
      requireSelfOrReader(caller, userId, 'list_groups_for_user')
      if (users.find(userId) === undefined) throw couldNotFind('user', userId)
      return groups.listOf(userId)
    },
    membersOf(caller, groupId, { name, enabled }) {
      requireDomainReader(caller, 'list_users_in_group')
      if (groups.find(groupId) === undefined) throw couldNotFind('group', groupId)
      return groups
        .membersOf(groupId)
        .flatMap((id) => users.find(id) ?? [])
        .filter((user) => (name ?? user.name) === user.name && (enabled ?? user.enabled) === user.enabled)
    },
    check(caller, groupId, userId) {
      requireDomainReader(caller, 'check_user_in_group')
      requireMember(groupId, userId)
    },
    add(caller, groupId, userId) {
      requireManager(caller, 'add_user_to_group')
      requireBoth(groupId, userId)
      groups.addMember(groupId, userId)
    },
    remove(caller, groupId, userId) {
      requireManager(caller, 'remove_user_from_group')
      requireMember(groupId, userId)
      departures.removeMember(groupId, userId)
    },
  }
}
