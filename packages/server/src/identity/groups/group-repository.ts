import type { Database } from '../../database/database.js'
import type { Attributes } from '../schema.js'

export interface GroupRecord {
  readonly id: string
  readonly name: string
  readonly description: string | null
  /** Fields that Keystone does not know and keeps. */
  readonly extra: Attributes
}

/** The groups, and which users are in them. */
export interface GroupRepository {
  /** Lists the groups, optionally only the one with this name. */
  list(name?: string): GroupRecord[]
  find(id: string): GroupRecord | undefined
  findByName(name: string): GroupRecord | undefined
  insert(group: GroupRecord): void
  update(group: GroupRecord): void
  /** Removes it; its users are in it no longer. */
  remove(id: string): void
  /** Lists the groups that a user is in. */
  listOf(userId: string): GroupRecord[]
  /** Lists the ids of the users in a group. */
  membersOf(id: string): string[]
  /** Nothing changes if the user is in the group already. */
  addMember(id: string, userId: string): void
  removeMember(id: string, userId: string): void
}

export function createGroupRepository(db: Database): GroupRepository {
  const select = 'SELECT id, name, description, extra FROM identity_groups'
  const list = db.prepare(`${select} WHERE name = coalesce(?, name) ORDER BY name`)
  const find = db.prepare(`${select} WHERE id = ?`)
  const findByName = db.prepare(`${select} WHERE name = ?`)
  const insert = db.prepare('INSERT INTO identity_groups (name, description, extra, id) VALUES (?, ?, ?, ?)')
  const update = db.prepare('UPDATE identity_groups SET name = ?, description = ?, extra = ? WHERE id = ?')
  const remove = db.prepare('DELETE FROM identity_groups WHERE id = ?')
  const listOf = db.prepare(
    `${select} WHERE id IN (SELECT group_id FROM identity_memberships WHERE user_id = ?) ORDER BY name`,
  )
  const membersOf = db.prepare('SELECT user_id FROM identity_memberships WHERE group_id = ? ORDER BY user_id')
  const addMember = db.prepare('INSERT OR IGNORE INTO identity_memberships (group_id, user_id) VALUES (?, ?)')
  const removeMember = db.prepare('DELETE FROM identity_memberships WHERE group_id = ? AND user_id = ?')
  const one = (row: unknown): GroupRecord | undefined => (row === undefined ? undefined : toRecord(row as Row))
  return {
    list: (name) => (list.all(name ?? null) as unknown as Row[]).map(toRecord),
    find: (id) => one(find.get(id)),
    findByName: (name) => one(findByName.get(name)),
    insert({ id, name, description, extra }) {
      insert.run(name, description, JSON.stringify(extra), id)
    },
    update({ id, name, description, extra }) {
      update.run(name, description, JSON.stringify(extra), id)
    },
    remove(id) {
      remove.run(id)
    },
    listOf: (userId) => (listOf.all(userId) as unknown as Row[]).map(toRecord),
    membersOf: (id) => (membersOf.all(id) as unknown as { user_id: string }[]).map((row) => row.user_id),
    addMember(id, userId) {
      addMember.run(id, userId)
    },
    removeMember(id, userId) {
      removeMember.run(id, userId)
    },
  }
}

interface Row {
  id: string
  name: string
  description: string | null
  extra: string
}

function toRecord(row: Row): GroupRecord {
  return { ...row, extra: JSON.parse(row.extra) as Attributes }
}
