import type { Directory } from './directory.js'
import type { Role } from './roles/role-repository.js'

/**
 * What ends with a user, a project, a role or a password. Each method is one transaction
 * (keystone/identity/core.py, resource/core.py, assignment/core.py, revoke/core.py).
 */
export interface Departures {
  /** Its grants, tokens, credentials and application credentials end. */
  removeUser(id: string): void
  /** Its grants end, and the tokens of its users if it had any. */
  removeGroup(id: string): void
  /** The user is in the group no longer, and its tokens end. */
  removeMember(groupId: string, userId: string): void
  /** Its grants, tokens and application credentials end. What other services store for it stays. */
  removeProject(id: string): void
  /** Its grants end, and the application credentials of the users that had it. */
  removeRole(role: Role): void
  /** The tokens of a user end, for good, when the password changes or the user is disabled. */
  endTokensOf(userId: string): void
}

export function createDepartures(directory: Directory, inTransaction: (work: () => void) => void): Departures {
  const { users, groups, projects, roles, assignments } = directory
  const { applicationCredentials, credentials, accessRules, tokens } = directory
  return {
    removeUser(id) {
      inTransaction(() => {
        users.remove(id)
        assignments.removeOfActor(id)
        applicationCredentials.removeOfUser(id)
        accessRules.removeOfUser(id)
        credentials.removeOfUser(id)
        tokens.removeOfUser(id)
      })
    },
    removeGroup(id) {
      inTransaction(() => {
        if (assignments.isAnyOf(id)) for (const userId of groups.membersOf(id)) tokens.removeOfUser(userId)
        groups.remove(id)
        assignments.removeOfActor(id)
      })
    },
    removeMember(groupId, userId) {
      inTransaction(() => {
        groups.removeMember(groupId, userId)
        tokens.removeOfUser(userId)
      })
    },
    removeProject(id) {
      inTransaction(() => {
        projects.remove(id)
        assignments.removeOfScope({ kind: 'project', projectId: id })
        applicationCredentials.removeOfProject(id)
        credentials.removeOfProject(id)
        tokens.removeOfScope({ kind: 'project', projectId: id })
      })
    },
    removeRole(role) {
      inTransaction(() => {
        applicationCredentials.removeOfAssigned(role.name)
        roles.remove(role)
      })
    },
    endTokensOf(userId) {
      tokens.removeOfUser(userId)
    },
  }
}
