import type { Database } from '../../database/database.js'
import type { Metadata } from '../metadata.js'
import type { AccountRecord } from './account-record.js'

export interface AccountRepository {
  has(name: string): boolean
  find(name: string): AccountRecord | undefined
  save(name: string, metadata: Metadata, nowMs: number): void
}

type AccountRow = Pick<AccountRecord, 'createdMs' | 'containers' | 'objects' | 'bytes'> & {
  readonly metadata: string
  readonly hadContainers: number
}

/** The accounts in SQLite. Triggers count their containers, objects and bytes. */
export function createAccountRepository(db: Database): AccountRepository {
  const has = db.prepare('SELECT 1 FROM accounts WHERE name = ?')
  const find = db.prepare(
    `SELECT metadata, created_ms AS createdMs, container_count AS containers, object_count AS objects,
       bytes_used AS bytes, had_containers AS hadContainers
     FROM accounts WHERE name = ?`,
  )
  const save = db.prepare(
    `INSERT INTO accounts (name, metadata, created_ms) VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET metadata = excluded.metadata`,
  )
  return {
    has: (name) => has.get(name) !== undefined,
    find(name) {
      const row = find.get(name) as AccountRow | undefined
      if (row === undefined) return undefined
      const metadata = JSON.parse(row.metadata) as Metadata
      return { ...row, name, metadata, hadContainers: row.hadContainers === 1, isStored: true }
    },
    save(name, metadata, nowMs) {
      save.run(name, JSON.stringify(metadata), nowMs)
    },
  }
}
