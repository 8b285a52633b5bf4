import type { Database } from '../../database/database.js'
import { preparedScan, type ScanBounds } from '../listing/scan.js'
import type { Metadata } from '../metadata.js'
import type { ContainerRecord, ListedContainer } from './container-record.js'

export interface ContainerRepository {
  find(account: string, name: string): ContainerRecord | undefined
  save(account: string, name: string, metadata: Metadata, nowMs: number): void
  remove(account: string, name: string): void
  /** Reads containers in the order of their names. */
  scan(account: string, bounds: ScanBounds): ListedContainer[]
}

interface ListedContainerRow {
  name: string
  created_ms: number
  object_count: number
  bytes_used: number
}
interface ContainerRow extends ListedContainerRow {
  metadata: string
}

/** The containers in SQLite. */
export function createContainerRepository(db: Database): ContainerRepository {
  const find = db.prepare('SELECT * FROM containers WHERE account = ? AND name = ?')
  const save = db.prepare(
    `INSERT INTO containers (account, name, metadata, created_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (account, name) DO UPDATE SET metadata = excluded.metadata`,
  )
  const remove = db.prepare('DELETE FROM containers WHERE account = ? AND name = ?')
  const scan = preparedScan<ListedContainerRow>(
    db,
    'SELECT name, created_ms, object_count, bytes_used FROM containers WHERE account = ?',
  )
  return {
    find(account, name) {
      const row = find.get(account, name) as ContainerRow | undefined
      return row && { ...listedContainer(row), metadata: JSON.parse(row.metadata) as Metadata }
    },
    save(account, name, metadata, nowMs) {
      save.run(account, name, JSON.stringify(metadata), nowMs)
    },
    remove(account, name) {
      remove.run(account, name)
    },
    scan: (account, bounds) => scan([account], bounds).map(listedContainer),
  }
}

function listedContainer(row: ListedContainerRow): ListedContainer {
  return { name: row.name, createdMs: row.created_ms, objects: row.object_count, bytes: row.bytes_used }
}
