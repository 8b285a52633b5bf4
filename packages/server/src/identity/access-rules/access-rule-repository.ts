import type { Database } from '../../database/database.js'
import type { AccessRule } from '../../http/access-rules.js'

/** The rules that users created with their application credentials. They never change; credentials can share them. */
export interface AccessRuleRepository {
  list(userId: string): AccessRule[]
  find(userId: string, id: string): AccessRule | undefined
  /** Whether any user has a rule with this id. */
  isTaken(id: string): boolean
  findSame(userId: string, rule: Omit<AccessRule, 'id'>): AccessRule | undefined
  insert(userId: string, rule: AccessRule): void
  remove(userId: string, id: string): void
  removeOfUser(userId: string): void
}

export function createAccessRuleRepository(db: Database): AccessRuleRepository {
  const columns = 'id, service, path, method'
  const list = db.prepare(`SELECT ${columns} FROM identity_access_rules WHERE user_id = ? ORDER BY rowid`)
  const find = db.prepare(`SELECT ${columns} FROM identity_access_rules WHERE user_id = ? AND id = ?`)
  const taken = db.prepare('SELECT 1 FROM identity_access_rules WHERE id = ?')
  const same = db.prepare(
    `SELECT ${columns} FROM identity_access_rules WHERE user_id = ? AND service = ? AND path = ? AND method = ?`,
  )
  const insert = db.prepare(`INSERT INTO identity_access_rules (user_id, ${columns}) VALUES (?, ?, ?, ?, ?)`)
  const remove = db.prepare('DELETE FROM identity_access_rules WHERE user_id = ? AND id = ?')
  const removeOfUser = db.prepare('DELETE FROM identity_access_rules WHERE user_id = ?')
  return {
    list: (userId) => list.all(userId),
    find: (userId, id) => find.get(userId, id),
    isTaken: (id) => taken.get(id) !== undefined,
    findSame: (userId, { service, path, method }) => same.get(userId, service, path, method),
    insert(userId, { id, service, path, method }) {
      insert.run(userId, id, service, path, method)
    },
    remove(userId, id) {
      remove.run(userId, id)
    },
    removeOfUser(userId) {
      removeOfUser.run(userId)
    },
  }
}
