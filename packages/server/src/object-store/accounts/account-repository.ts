import type { Database } from '../../database/database.js'
import type { Metadata } from '../metadata.js'
import type { AccountRecord } from './account-record.js'

export interface AccountRepository {
  has(name: string): boolean
  find(name: string): AccountRecord | undefined
  save(name: string, metadata: Metadata, nowMs: number): void
}

type AccountRow = Omit<AccountRecord, 'name' | 'metadata'> & { readonly metadata: string }

/** The accounts in SQLite. Triggers count their containers, objects and bytes. */
export function createAccountRepository(db: Database): AccountRepository {
  const has = db.prepare('SELECT 1 FROM accounts WHERE name = ?')
  const find = db.prepare(
    `SELECT metadata, created_ms AS createdMs, container_count AS containers, object_count AS objects,
       bytes_used AS bytes
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
      return row && { ...row, name, metadata: JSON.parse(row.metadata) as Metadata }
    },
    save(name, metadata, nowMs) {
      save.run(name, JSON.stringify(metadata), nowMs)
    },
  }
}
