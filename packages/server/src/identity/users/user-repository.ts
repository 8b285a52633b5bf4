import type { Database } from '../../database/database.js'

export interface UserRecord {
  readonly id: string
  readonly name: string
  readonly password_hash: string
}

export interface UserRepository {
  /** Lists the users that may log in, optionally filtered by name. */
  list(name?: string): UserRecord[]
  find(id: string): UserRecord | undefined
  findByName(name: string): UserRecord | undefined
  /** Inserts or overwrites. */
  save(user: UserRecord): void
  /** Disables the login of all other users; their records stay. */
  disableOthers(ids: readonly string[]): void
}

export function createUserRepository(db: Database): UserRepository {
  const columns = 'id, name, password_hash'
  const list = db.prepare(
    `SELECT ${columns} FROM identity_users WHERE enabled = 1 AND name = coalesce(?, name) ORDER BY name`,
  )
  const find = db.prepare(`SELECT ${columns} FROM identity_users WHERE id = ? AND enabled = 1`)
  const findByName = db.prepare(`SELECT ${columns} FROM identity_users WHERE name = ?`)
  const save = db.prepare(
    `INSERT INTO identity_users (id, name, password_hash) VALUES (?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET password_hash = excluded.password_hash, enabled = 1`,
  )
  const disableOthers = db.prepare(
    'UPDATE identity_users SET enabled = 0 WHERE id NOT IN (SELECT value FROM json_each(?))',
  )
  return {
    list: (name) => list.all(name ?? null),
    find: (id) => find.get(id),
    findByName: (name) => findByName.get(name),
    save(user) {
      save.run(user.id, user.name, user.password_hash)
    },
    disableOthers(ids) {
      disableOthers.run(JSON.stringify(ids))
    },
  }
}
