import type { Database } from '../../database/database.js'

export interface CredentialRecord {
  readonly id: string
  readonly userId: string
  readonly projectId: string
  readonly name: string
  readonly description: string | null
  readonly secretHash: string
  /** Names, implied ones included. */
  readonly roles: readonly string[]
  /** Milliseconds since 1970; null: never. */
  readonly expiresAt: number | null
  readonly unrestricted: boolean
}

export interface CredentialRepository {
  list(userId: string, name?: string): CredentialRecord[]
  find(id: string): CredentialRecord | undefined
  insert(credential: CredentialRecord): void
  remove(id: string): void
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
}

export function createCredentialRepository(db: Database): CredentialRepository {
  const list = db.prepare(
    'SELECT * FROM identity_application_credentials WHERE user_id = ? AND name = coalesce(?, name) ORDER BY name',
  )
  const find = db.prepare('SELECT * FROM identity_application_credentials WHERE id = ?')
  const insert = db.prepare(
    `INSERT INTO identity_application_credentials
       (id, user_id, project_id, name, description, secret_hash, roles, expires_at, unrestricted)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const remove = db.prepare('DELETE FROM identity_application_credentials WHERE id = ?')
  return {
    list: (userId, name) => (list.all(userId, name ?? null) as unknown as Row[]).map(toRecord),
    find(id) {
      const row = find.get(id) as unknown as Row | undefined
      return row && toRecord(row)
    },
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
      )
    },
    remove(id) {
      remove.run(id)
    },
  }
}

function toRecord(row: Row): CredentialRecord {
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
  }
}
