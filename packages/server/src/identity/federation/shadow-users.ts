import type { IdentityProviderConfig } from '../../config/cloud-config.js'
import type { Directory } from '../directory.js'
import { unauthorized } from '../errors.js'
import { newProject } from '../projects/new-project.js'
import { freshId, stableId } from '../stable-id.js'
import type { UserRecord } from '../users/user-repository.js'
import type { MappedUser } from './mapping-rules.js'

/** The users of other providers, as this cloud keeps them: without a password, with the roles that the rules give. */
export interface ShadowUsers {
  /** Creates or updates the user of a login. @throws unauthenticated for a group or a user that is not here */
  keep(provider: IdentityProviderConfig, mapped: MappedUser, uniqueId: string): UserRecord
}

export function createShadowUsers(directory: Directory, inTransaction: (work: () => void) => void): ShadowUsers {
  const { users, groups, projects, roles, assignments } = directory
  const nameFor = (wanted: string, provider: string, id: string): string => {
    const free = [wanted, `${wanted}@${provider}`].find((name) => [undefined, id].includes(users.findByName(name)?.id))
    return free ?? id
  }
  const keepUser = (provider: IdentityProviderConfig, mapped: MappedUser, uniqueId: string): UserRecord => {
    const id = stableId('federated', provider.name, uniqueId)
    const known = users.find(id)
    const name = nameFor(mapped.name ?? mapped.id ?? uniqueId, provider.name, id)
    const protocols = [{ protocol_id: provider.protocol, unique_id: uniqueId }]
    const extra = {
      ...known?.extra,
      ...(mapped.email !== undefined && { email: mapped.email }),
      federated: [{ idp_id: provider.name, protocols }],
    }
    const user: UserRecord = known
      ? { ...known, name, extra }
      : { id, name, passwordHash: null, enabled: true, defaultProjectId: null, options: {}, extra }
    if (known) users.update(user)
    else users.insert(user)
    return user
  }
  const keepGroups = (user: UserRecord, names: readonly string[]) => {
    const wanted = names.map((name) => {
      const group = groups.find(name) ?? groups.findByName(name)
      if (group === undefined) throw unauthorized()
      return group.id
    })
    for (const { id } of groups.listOf(user.id)) if (!wanted.includes(id)) groups.removeMember(id, user.id)
    for (const id of wanted) groups.addMember(id, user.id)
  }
  const keepProjects = (user: UserRecord, wanted: MappedUser['projects']) => {
    for (const { name, roles: names } of wanted) {
      let project = projects.findByName(name)
      if (project === undefined) {
        project = { ...newProject, id: freshId(), name }
        projects.insert(project)
      }
      for (const role of names) {
        if (roles.findByName(role) === undefined) throw unauthorized()
        assignments.add({ actorId: user.id, scope: { kind: 'project', projectId: project.id }, role })
      }
    }
  }
  return {
    keep(provider, mapped, uniqueId) {
      if (mapped.isLocal) {
        const local = mapped.id === undefined ? users.findByName(mapped.name ?? '') : users.find(mapped.id)
        if (local?.enabled !== true) throw unauthorized()
        return local
      }
      let user: UserRecord | undefined
      inTransaction(() => {
        user = keepUser(provider, mapped, uniqueId)
        keepGroups(user, mapped.groups)
        keepProjects(user, mapped.projects)
      })
      if (user?.enabled !== true) throw unauthorized()
      return user
    },
  }
}
