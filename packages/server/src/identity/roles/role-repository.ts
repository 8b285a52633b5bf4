import type { Database } from '../../database/database.js'
import type { Attributes } from '../schema.js'

/** A role as tokens name it. */
export interface Role {
  readonly id: string
  readonly name: string
}

export interface RoleRecord extends Role {
  readonly description: string | null
  readonly options: Attributes
  /** Fields that Keystone does not know and keeps. */
  readonly extra: Attributes
}

export interface RoleRepository {
  /** Lists the roles, the built-in ones first, optionally only the one with this name. */
  list(name?: string): RoleRecord[]
  find(id: string): RoleRecord | undefined
  findByName(name: string): RoleRecord | undefined
  insert(role: RoleRecord): void
  /** Renames it in the assignments and application credentials, too. */
  update(role: RoleRecord): void
  /** Removes it with its assignments and with what implies it or is implied by it. */
  remove(role: Role): void
  /** The roles with these names and those that they imply. */
  withImplied(names: readonly string[]): Role[]
}

/** The columns and the table of a query for a role and all that it implies, for a table `held` of the ids to begin with. */
export const impliedRoles = `
  WITH RECURSIVE reached (id) AS (
    SELECT id FROM held UNION SELECT implied_id FROM identity_implied_roles JOIN reached ON prior_id = reached.id
  ) SELECT r.id, r.name FROM identity_roles r JOIN reached ON reached.id = r.id ORDER BY r.rowid`

export function createRoleRepository(db: Database): RoleRepository {
  const select = 'SELECT id, name, description, options, extra FROM identity_roles'
  const list = db.prepare(`${select} WHERE name = coalesce(?, name) ORDER BY rowid`)
  const find = db.prepare(`${select} WHERE id = ?`)
  const findByName = db.prepare(`${select} WHERE name = ?`)
  const insert = db.prepare('INSERT INTO identity_roles (id, name, description, options, extra) VALUES (?, ?, ?, ?, ?)')
  const update = db.prepare('UPDATE identity_roles SET name = ?, description = ?, options = ?, extra = ? WHERE id = ?')
  const renameAssigned = db.prepare('UPDATE identity_assignments SET role = ? WHERE role = ?')
  const renameInCredentials = db.prepare(
    `UPDATE identity_application_credentials SET roles =
       (SELECT json_group_array(CASE value WHEN ?2 THEN ?1 ELSE value END) FROM json_each(roles))
     WHERE EXISTS (SELECT 1 FROM json_each(roles) WHERE value = ?2)`,
  )
  const removeAssigned = db.prepare('DELETE FROM identity_assignments WHERE role = ?')
  const remove = db.prepare('DELETE FROM identity_roles WHERE id = ?')
  const withImplied = db.prepare(
    `SELECT id, name FROM (WITH held AS (
       SELECT id FROM identity_roles WHERE name IN (SELECT value FROM json_each(?))
     ) SELECT * FROM (${impliedRoles}))`,
  )
  const one = (row: unknown): RoleRecord | undefined => (row === undefined ? undefined : toRecord(row as Row))
  return {
    list: (name) => (list.all(name ?? null) as unknown as Row[]).map(toRecord),
    find: (id) => one(find.get(id)),
    findByName: (name) => one(findByName.get(name)),
    insert({ id, name, description, options, extra }) {
      insert.run(id, name, description, JSON.stringify(options), JSON.stringify(extra))
    },
    update({ id, name, description, options, extra }) {
      const known = one(find.get(id))
      update.run(name, description, JSON.stringify(options), JSON.stringify(extra), id)
      if (known === undefined || known.name === name) return
      renameAssigned.run(name, known.name)
      renameInCredentials.run(name, known.name)
    },
    remove({ id, name }) {
      removeAssigned.run(name)
      remove.run(id)
    },
    withImplied: (names) => withImplied.all(JSON.stringify(names)),
  }
}

interface Row {
  id: string
  name: string
  description: string | null
  options: string
  extra: string
}

function toRecord(row: Row): RoleRecord {
  return {
    ...row,
    options: JSON.parse(row.options) as Attributes,
    extra: JSON.parse(row.extra) as Attributes,
  }
}
