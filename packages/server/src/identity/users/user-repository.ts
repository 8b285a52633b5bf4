import type { Database } from '../../database/database.js'
import type { Attributes } from '../schema.js'

export interface UserRecord {
  readonly id: string
  readonly name: string
  /** Null: the user has no password and cannot log in with one. */
  readonly passwordHash: string | null
  readonly enabled: boolean
  /** The project of a token that was requested without a scope, if the user has a role there. */
  readonly defaultProjectId: string | null
  readonly options: Attributes
  /** Fields that Keystone does not know and keeps, such as `email`. */
  readonly extra: Attributes
}

export interface UserRepository {
  /** Lists the users, optionally only the one with this name. */
  list(name?: string): UserRecord[]
  find(id: string): UserRecord | undefined
  findByName(name: string): UserRecord | undefined
  insert(user: UserRecord): void
  update(user: UserRecord): void
  remove(id: string): void
}

export function createUserRepository(db: Database): UserRepository {
  const select = 'SELECT id, name, password_hash, enabled, default_project_id, options, extra FROM identity_users'
  const list = db.prepare(`${select} WHERE name = coalesce(?, name) ORDER BY name`)
  const find = db.prepare(`${select} WHERE id = ?`)
  const findByName = db.prepare(`${select} WHERE name = ?`)
  const insert = db.prepare(
    `INSERT INTO identity_users (name, password_hash, enabled, default_project_id, options, extra, id)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const update = db.prepare(
    `UPDATE identity_users
     SET name = ?, password_hash = ?, enabled = ?, default_project_id = ?, options = ?, extra = ? WHERE id = ?`,
  )
  const remove = db.prepare('DELETE FROM identity_users WHERE id = ?')
  const one = (row: unknown): UserRecord | undefined => (row === undefined ? undefined : toRecord(row as Row))
  return {
    list: (name) => (list.all(name ?? null) as unknown as Row[]).map(toRecord),
    find: (id) => one(find.get(id)),
    findByName: (name) => one(findByName.get(name)),
    insert(user) {
      insert.run(...valuesOf(user))
    },
    update(user) {
      update.run(...valuesOf(user))
    },
    remove(id) {
      remove.run(id)
    },
  }
}

interface Row {
  id: string
  name: string
  password_hash: string
  enabled: number
  default_project_id: string | null
  options: string
  extra: string
}

/** The column has no NULL, so that no password is an empty text. */
const noPassword = ''

function valuesOf({ id, name, passwordHash, enabled, defaultProjectId, options, extra }: UserRecord) {
  const json = [options, extra].map((each) => JSON.stringify(each))
  return [name, passwordHash ?? noPassword, Number(enabled), defaultProjectId, ...json, id]
}

function toRecord(row: Row): UserRecord {
  return {
    id: row.id,
    name: row.name,
    passwordHash: row.password_hash === noPassword ? null : row.password_hash,
    enabled: row.enabled === 1,
    defaultProjectId: row.default_project_id,
    options: JSON.parse(row.options) as Attributes,
    extra: JSON.parse(row.extra) as Attributes,
  }
}
