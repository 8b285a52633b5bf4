import type { Database } from '../../database/database.js'
import type { AccessRule } from '../../http/access-rules.js'
import type { ApplicationCredential } from './application-credential.js'

export interface ApplicationCredentialRepository {
  list(userId: string, name?: string): ApplicationCredential[]
  find(id: string): ApplicationCredential | undefined
  /** The number of credentials that a user has, and the characters of the text that they store. */
  sizeOf(userId: string): { readonly count: number; readonly characters: number }
  insert(credential: ApplicationCredential): void
  remove(id: string): void
  removeOfUser(userId: string): void
  removeOfProject(projectId: string): void
  /** Removes the credentials of one user for the project. */
  removeOf(userId: string, projectId: string): void
  /** Removes the credentials of users that the role is assigned to, in that project. */
  removeOfAssigned(role: string): void
}

interface Row {
  id: string
  user_id: string
  project_id: string
  name: string
  description: string | null
  secret_hash: string
  roles: string
  expires_at: number | null
  unrestricted: number
  access_rules: string
}

export function createApplicationCredentialRepository(db: Database): ApplicationCredentialRepository {
  const list = db.prepare(
    'SELECT * FROM identity_application_credentials WHERE user_id = ? AND name = coalesce(?, name) ORDER BY name',
  )
  const find = db.prepare('SELECT * FROM identity_application_credentials WHERE id = ?')
  const insert = db.prepare(
    `INSERT INTO identity_application_credentials
       (id, user_id, project_id, name, description, secret_hash, roles, expires_at, unrestricted,
        access_rules)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const sizeOf = db.prepare(
    `SELECT count(*) AS count, coalesce(sum(length(name) + coalesce(length(description), 0) + length(access_rules)), 0)
       AS characters FROM identity_application_credentials WHERE user_id = ?`,
  )
  const remove = db.prepare('DELETE FROM identity_application_credentials WHERE id = ?')
  const removeOfUser = db.prepare('DELETE FROM identity_application_credentials WHERE user_id = ?')
  const removeOfProject = db.prepare('DELETE FROM identity_application_credentials WHERE project_id = ?')
  const removeOf = db.prepare('DELETE FROM identity_application_credentials WHERE user_id = ? AND project_id = ?')
  const removeOfAssigned = db.prepare(
    `DELETE FROM identity_application_credentials WHERE EXISTS (
       SELECT 1 FROM identity_assignments a WHERE a.role = ? AND a.actor_id = identity_application_credentials.user_id
         AND a.scope = 'project:' || identity_application_credentials.project_id)`,
  )
  return {
    list: (userId, name) => (list.all(userId, name ?? null) as unknown as Row[]).map(toRecord),
    find(id) {
      const row = find.get(id) as unknown as Row | undefined
      return row && toRecord(row)
    },
    sizeOf: (userId) => sizeOf.get(userId) as { count: number; characters: number },
    insert(credential) {
      insert.run(
        credential.id,
        credential.userId,
        credential.projectId,
        credential.name,
        credential.description,
        credential.secretHash,
        JSON.stringify(credential.roles),
        credential.expiresAt,
        Number(credential.unrestricted),
        JSON.stringify(credential.accessRules),
      )
    },
    remove(id) {
      remove.run(id)
    },
    removeOfUser(userId) {
      removeOfUser.run(userId)
    },
    removeOfProject(projectId) {
      removeOfProject.run(projectId)
    },
    removeOf(userId, projectId) {
      removeOf.run(userId, projectId)
    },
    removeOfAssigned(role) {
      removeOfAssigned.run(role)
    },
  }
}

function toRecord(row: Row): ApplicationCredential {
  return {
    id: row.id,
    userId: row.user_id,
    projectId: row.project_id,
    name: row.name,
    description: row.description,
    secretHash: row.secret_hash,
    roles: JSON.parse(row.roles) as string[],
    expiresAt: row.expires_at,
    unrestricted: row.unrestricted === 1,
    accessRules: JSON.parse(row.access_rules) as AccessRule[],
  }
}
