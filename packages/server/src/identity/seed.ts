import type { CloudConfig } from '../config/cloud-config.js'
import { inTransaction, type Database } from '../database/database.js'
import type { Assignment } from './assignments/assignment-repository.js'
import type { Directory } from './directory.js'
import { hashSecret, isSecret } from './secret-hash.js'
import { freshId, stableId } from './stable-id.js'

/**
 * Makes projects, users and roles match the configuration. Existing ones keep their ids. Users that are no longer
 * configured can no longer log in, but the images of their projects stay. A changed password ends the user's tokens.
 * Removing a user or role ends the tokens and application credentials that depend on it; adding it again does not
 * restore them.
 */
export function seedIdentity(db: Database, directory: Directory, config: CloudConfig): void {
  inTransaction(db, () => {
    const projectIds = new Map(config.projects.map((name) => [name, projectId(directory, name)]))
    const assignments: Assignment[] = []
    const userIds = new Map<string, string>()
    for (const user of config.users) {
      const project = projectIds.get(user.project) ?? ''
      const userId = userIds.get(user.name) ?? saveUser(directory, user.name, user.password)
      userIds.set(user.name, userId)
      saveTotpSecret(directory, userId, user.totpSecret)
      const isAdmin = user.roles.includes('admin')
      assignments.push(
        ...user.roles.map((role) => ({ userId, scope: { kind: 'project', projectId: project } as const, role })),
        // An admin has the role in the domain and the system too, as in devstack.
        ...(isAdmin ? (['domain', 'system'] as const) : []).map((kind) => ({ userId, scope: { kind }, role: 'admin' })),
      )
    }
    directory.users.disableOthers([...userIds.values()])
    directory.assignments.replaceAll(assignments)
    directory.applicationCredentials.removeUnfounded()
    directory.credentials.removeUnfounded()
    directory.tokens.removeUnfounded()
  })
}

function projectId({ projects }: Directory, name: string): string {
  const known = projects.findByName(name)
  if (known !== undefined) return known.id
  const id = freshId()
  projects.insert({ id, name })
  return id
}

/** The configured secret is stored as one credential of the user; credentials that were created by requests stay. */
function saveTotpSecret({ credentials }: Directory, userId: string, secret: string | undefined): void {
  const id = stableId('totp', userId)
  credentials.remove(id)
  if (secret !== undefined) credentials.insert({ id, userId, projectId: null, type: 'totp', blob: secret })
}

function saveUser({ users, tokens }: Directory, name: string, password: string): string {
  const known = users.findByName(name)
  const id = known?.id ?? freshId()
  const keepsPassword = known !== undefined && isSecret(password, known.password_hash)
  // A changed password revokes the user's tokens (keystone/identity/core.py `_persist_revocation_event_for_user`).
  if (!keepsPassword) tokens.removeOfUser(id)
  users.save({
    id,
    name,
    password_hash: keepsPassword ? known.password_hash : hashSecret(password),
  })
  return id
}
