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
  /** Removes the credentials of users that may no longer log in or have no role in the credential's project. */
  removeUnfounded(): void
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
  const removeUnfounded = db.prepare(
    `DELETE FROM identity_application_credentials WHERE user_id NOT IN (SELECT id FROM identity_users WHERE enabled = 1)
       OR NOT EXISTS (SELECT 1 FROM identity_assignments a
         WHERE a.user_id = identity_application_credentials.user_id
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
    removeUnfounded() {
      removeUnfounded.run()
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
