import type { MetadefVisibility } from '@tyrax/protocol'
import type { Database } from '../../../database/database.js'
import type { NamespaceQuery } from './namespace-query.js'

/** A namespace. Times are microseconds since 1970. */
export interface NamespaceRecord {
  readonly id: number
  readonly namespace: string
  readonly display_name: string | null
  readonly description: string | null
  /** Null for some that came with the service; they are private. */
  readonly visibility: MetadefVisibility | null
  readonly protected: boolean
  readonly owner: string
  readonly created_at: number
  /** Null when it came with the service and was never changed. */
  readonly updated_at: number | null
}

type NamespaceRow = Omit<NamespaceRecord, 'protected'> & { readonly protected: number }

/** Whose namespaces a list shows. */
export interface NamespaceScope {
  /** Undefined: everything, for admins. */
  readonly projectId: string | undefined
}

export interface NamespaceRepository {
  find(namespace: string): NamespaceRecord | undefined
  list(query: NamespaceQuery, scope: NamespaceScope, after: NamespaceRecord | undefined): NamespaceRecord[]
  /** Returns its id. */
  insert(namespace: Omit<NamespaceRecord, 'id'>): number
  update(namespace: NamespaceRecord): void
  /** With all that it defines. */
  remove(id: number): void
  /** Whether the namespaces that come with the service have been inserted. */
  areBuiltinLoaded(): boolean
  markBuiltinLoaded(): void
}

const fields = 'namespace, display_name, description, visibility, protected, owner, created_at, updated_at'

/** The namespaces in SQLite. */
export function createNamespaceRepository(db: Database): NamespaceRepository {
  const find = db.prepare(`SELECT id, ${fields} FROM metadef_namespaces WHERE namespace = ?`)
  const insert = db.prepare(`INSERT INTO metadef_namespaces (${fields}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  const update = db.prepare(`
    UPDATE metadef_namespaces SET namespace = ?, display_name = ?, description = ?, visibility = ?, protected = ?,
      owner = ?, updated_at = ? WHERE id = ?`)
  const remove = db.prepare('DELETE FROM metadef_namespaces WHERE id = ?')
  const loaded = db.prepare('SELECT loaded FROM metadef_builtin')
  const markLoaded = db.prepare('UPDATE metadef_builtin SET loaded = 1')
  return {
    find(namespace) {
      const row = find.get(namespace)
      return row && toRecord(row)
    },
    list(query, scope, after) {
      const { sql, values } = listStatement(query, scope, after)
      return db
        .prepare(sql)
        .all(...values)
        .map(toRecord)
    },
    insert(record) {
      const { namespace, display_name, description, visibility, owner, created_at, updated_at } = record
      const { lastInsertRowid } = insert.run(
        namespace,
        display_name,
        description,
        visibility,
        Number(record.protected),
        owner,
        created_at,
        updated_at,
      )
      return Number(lastInsertRowid)
    },
    update(record) {
      const { id, namespace, display_name, description, visibility, owner, updated_at } = record
      update.run(namespace, display_name, description, visibility, Number(record.protected), owner, updated_at, id)
    },
    remove(id) {
      remove.run(id)
    },
    areBuiltinLoaded: () => (loaded.get() as { loaded: number }).loaded === 1,
    markBuiltinLoaded() {
      markLoaded.run()
    },
  }
}

function toRecord(row: NamespaceRow): NamespaceRecord {
  return { ...row, protected: row.protected === 1 }
}

/** One page. Ties are broken by the time of creation and the id, in the same direction (oslo.db `paginate_query`). */
function listStatement(
  query: NamespaceQuery,
  { projectId }: NamespaceScope,
  after: NamespaceRecord | undefined,
): { sql: string; values: (string | number)[] } {
  const { key, direction, limit, visibility, resourceTypes } = query
  const conditions: string[] = []
  const values: (string | number)[] = []
  const demand = (condition: string, ...given: (string | number)[]) => {
    conditions.push(condition)
    values.push(...given)
  }
  if (projectId !== undefined) demand("(owner = ? OR visibility = 'public')", projectId)
  if (visibility !== undefined) demand('visibility = ?', visibility)
  if (resourceTypes !== undefined) {
    demand(
      `id IN (SELECT namespace_id FROM metadef_associations WHERE resource_type_id IN
        (SELECT id FROM metadef_resource_types WHERE name IN (${resourceTypes.map(() => '?').join(', ')})))`,
      ...resourceTypes,
    )
  }
  const keys = [key === 'created_at' || key === 'id' ? key : `coalesce(${key}, '')`, 'created_at', 'id']
  if (after !== undefined) {
    const first = after[key] ?? ''
    demand(
      `(${keys.join(', ')}) ${direction === 'asc' ? '>' : '<'} (?, ?, ?)`,
      typeof first === 'boolean' ? Number(first) : first,
      after.created_at,
      after.id,
    )
  }
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''
  const order = keys.map((each) => `${each} ${direction}`).join(', ')
  return {
    sql: `SELECT id, ${fields} FROM metadef_namespaces ${where} ORDER BY ${order} LIMIT ?`,
    values: [...values, limit],
  }
}
