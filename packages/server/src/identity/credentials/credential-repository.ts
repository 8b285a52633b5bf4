import type { Database } from '../../database/database.js'
import type { Credential } from './credential.js'

export interface CredentialRepository {
  insert(credential: Credential): void
  update(id: string, blob: string): void
  find(id: string): Credential | undefined
  /** Lists the credentials of all users or of one, and of all types or of one. */
  list(userId?: string, type?: string): Credential[]
  remove(id: string): void
  removeOfUser(userId: string): void
  removeOfProject(projectId: string): void
}

export function createCredentialRepository(db: Database): CredentialRepository {
  const columns = 'id, user_id AS userId, project_id AS projectId, type, blob'
  const insert = db.prepare(
    'INSERT INTO identity_credentials (id, user_id, project_id, type, blob) VALUES (?, ?, ?, ?, ?)',
  )
  const update = db.prepare('UPDATE identity_credentials SET blob = ? WHERE id = ?')
  const find = db.prepare(`SELECT ${columns} FROM identity_credentials WHERE id = ?`)
  const list = db.prepare(
    `SELECT ${columns} FROM identity_credentials
     WHERE user_id = coalesce(?, user_id) AND type = coalesce(?, type) ORDER BY id`,
  )
  const remove = db.prepare('DELETE FROM identity_credentials WHERE id = ?')
  const removeOfUser = db.prepare('DELETE FROM identity_credentials WHERE user_id = ?')
  const removeOfProject = db.prepare('DELETE FROM identity_credentials WHERE project_id = ?')
  return {
    insert({ id, userId, projectId, type, blob }) {
      insert.run(id, userId, projectId, type, blob)
    },
    update(id, blob) {
      update.run(blob, id)
    },
    find: (id) => find.get(id),
    list: (userId, type) => list.all(userId ?? null, type ?? null),
    remove(id) {
      remove.run(id)
    },
    removeOfUser(userId) {
      removeOfUser.run(userId)
    },
    removeOfProject(projectId) {
      removeOfProject.run(projectId)
    },
  }
}
