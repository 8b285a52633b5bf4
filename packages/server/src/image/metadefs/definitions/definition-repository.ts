import type { Database } from '../../../database/database.js'
import type { DefinitionKind, DefinitionPage, DefinitionRecord } from './definition.js'

export interface DefinitionRepository {
  find(namespaceId: number, kind: DefinitionKind, name: string): DefinitionRecord | undefined
  /** All of a kind, by name. */
  list(namespaceId: number, kind: DefinitionKind): DefinitionRecord[]
  page(namespaceId: number, kind: DefinitionKind, page: DefinitionPage): DefinitionRecord[]
  insert(namespaceId: number, kind: DefinitionKind, definition: Omit<DefinitionRecord, 'id'>): void
  update(id: number, definition: Pick<DefinitionRecord, 'name' | 'content' | 'updated_at'>): void
  remove(id: number): void
  removeAll(namespaceId: number, kind: DefinitionKind): void
}

const columns = 'id, name, content, created_at, updated_at'

/** What namespaces define, in SQLite. */
export function createDefinitionRepository(db: Database): DefinitionRepository {
  const ofKind = 'namespace_id = ? AND kind = ?'
  const find = db.prepare(`SELECT ${columns} FROM metadef_definitions WHERE ${ofKind} AND name = ?`)
  const list = db.prepare(`SELECT ${columns} FROM metadef_definitions WHERE ${ofKind} ORDER BY name`)
  const insert = db.prepare(
    `INSERT INTO metadef_definitions (namespace_id, kind, name, content, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const update = db.prepare('UPDATE metadef_definitions SET name = ?, content = ?, updated_at = ? WHERE id = ?')
  const remove = db.prepare('DELETE FROM metadef_definitions WHERE id = ?')
  const removeAll = db.prepare(`DELETE FROM metadef_definitions WHERE ${ofKind}`)
  return {
    find: (namespaceId, kind, name) => find.get(namespaceId, kind, name),
    list: (namespaceId, kind) => list.all(namespaceId, kind),
    page(namespaceId, kind, { key, direction, limit = -1, after }) {
      const sorted = key === 'updated_at' ? `coalesce(updated_at, '')` : key
      const beyond = after && `AND (${sorted}, created_at, id) ${direction === 'asc' ? '>' : '<'} (?, ?, ?)`
      const statement = db.prepare(`
        SELECT ${columns} FROM metadef_definitions WHERE ${ofKind} ${beyond ?? ''}
        ORDER BY ${sorted} ${direction}, created_at ${direction}, id ${direction} LIMIT ?`)
      const position = after ? [after[key] ?? '', after.created_at, after.id] : []
      return statement.all(namespaceId, kind, ...position, limit)
    },
    insert(namespaceId, kind, { name, content, created_at, updated_at }) {
      insert.run(namespaceId, kind, name, content, created_at, updated_at)
    },
    update(id, { name, content, updated_at }) {
      update.run(name, content, updated_at, id)
    },
    remove(id) {
      remove.run(id)
    },
    removeAll(namespaceId, kind) {
      removeAll.run(namespaceId, kind)
    },
  }
}
