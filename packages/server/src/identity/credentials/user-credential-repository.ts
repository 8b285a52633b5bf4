import type { Database } from '../../database/database.js'

/** What a user can prove something with. Its secret has to be known as it is: a passcode is computed from it. */
export interface UserCredential {
  readonly id: string
  readonly userId: string
  readonly projectId: string | null
  /** `totp`, `cert`, …. */
  readonly type: string
  readonly blob: string
}

export interface UserCredentialRepository {
  insert(credential: UserCredential): void
  find(id: string): UserCredential | undefined
  /** Of all users, or of one; of all types, or of one. */
  list(userId?: string, type?: string): UserCredential[]
  remove(id: string): void
  /** Removes those whose user is not let in any more. */
  removeUnfounded(): void
}

export function createUserCredentialRepository(db: Database): UserCredentialRepository {
  const columns = 'id, user_id AS userId, project_id AS projectId, type, blob'
  const insert = db.prepare(
    'INSERT INTO identity_credentials (id, user_id, project_id, type, blob) VALUES (?, ?, ?, ?, ?)',
  )
  const find = db.prepare(`SELECT ${columns} FROM identity_credentials WHERE id = ?`)
  const list = db.prepare(
    `SELECT ${columns} FROM identity_credentials
     WHERE user_id = coalesce(?, user_id) AND type = coalesce(?, type) ORDER BY id`,
  )
  const remove = db.prepare('DELETE FROM identity_credentials WHERE id = ?')
  const removeUnfounded = db.prepare(
    'DELETE FROM identity_credentials WHERE user_id NOT IN (SELECT id FROM identity_users WHERE enabled = 1)',
  )
  return {
    insert({ id, userId, projectId, type, blob }) {
      insert.run(id, userId, projectId, type, blob)
    },
    find: (id) => find.get(id),
    list: (userId, type) => list.all(userId ?? null, type ?? null),
    remove(id) {
      remove.run(id)
    },
    removeUnfounded() {
      removeUnfounded.run()
    },
  }
}
