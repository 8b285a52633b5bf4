import { GuardedDatabase } from './guarded-database.js'

/** The only interface to the database driver: node:sqlite's API. */
export type Database = GuardedDatabase

/**
 * One step in building a service's tables. `version` counts up from 1; each step runs once, in one transaction, and is
 * recorded by service name and version in the `migrations` table.
 */
export interface Migration {
  readonly service: string
  readonly version: number
  readonly sql: string
}

/**
 * Opens a database file, or `:memory:`. A file is opened in WAL mode and locked for this process; the operating system
 * releases the lock when the process ends, however it ends.
 * @throws DatabaseInUse when another process has it
 */
export function openDatabase(file: string): Database {
  const db = new GuardedDatabase(file)
  try {
    // Set before WAL, so that the lock is held from the first read on and no shared memory file is needed.
    db.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA cache_size = -65536;
      PRAGMA wal_autocheckpoint = 4000;
      PRAGMA foreign_keys = ON;
      BEGIN IMMEDIATE; COMMIT;
    `)
    return db
  } catch (error) {
    db.close()
    if (error instanceof Error && /database is locked/i.test(error.message)) throw new DatabaseInUse(file, error)
    throw error
  }
}

/**
 * Closes a database file so that it can be reopened at once, in this process too. A connection stays open after
 * `close()` until its prepared statements are garbage collected, and would keep the exclusive lock until then. The lock
 * can only be released outside WAL mode (sqlite.org/pragma.html#pragma_locking_mode).
 */
export function closeDatabase(db: Database): void {
  db.exec('PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL; SELECT count(*) FROM sqlite_master')
  db.close()
}

/** The database file belongs to another running process. */
export class DatabaseInUse extends Error {
  override readonly name = 'DatabaseInUse'

  constructor(file: string, cause: unknown) {
    super(`${file} is in use by another process`, { cause })
  }
}

/** Brings one service's tables up to date. */
export function migrate(db: Database, migrations: readonly Migration[]): void {
  db.exec('CREATE TABLE IF NOT EXISTS migrations (service TEXT, version INTEGER, PRIMARY KEY (service, version))')
  const known = db.prepare('SELECT 1 FROM migrations WHERE service = ? AND version = ?')
  const remember = db.prepare('INSERT INTO migrations (service, version) VALUES (?, ?)')
  for (const { service, version, sql } of migrations.toSorted((a, b) => a.version - b.version)) {
    if (known.get(service, version) !== undefined) continue
    inTransaction(db, () => {
      db.exec(sql)
      remember.run(service, version)
    })
  }
}

/** Runs `work` in one transaction. */
export function inTransaction<T>(db: Database, work: () => T): T {
  const { begin, commit } = frameOf(db)
  begin.run()
  try {
    const result = work()
    commit.run()
    return result
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}

interface Frame {
  readonly begin: ReturnType<Database['prepare']>
  readonly commit: ReturnType<Database['prepare']>
}
/** Prepared once for each database, since every change needs them. */
const frames = new WeakMap<Database, Frame>()

function frameOf(db: Database): Frame {
  const known = frames.get(db)
  if (known !== undefined) return known
  const fresh = {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
  }
  frames.set(db, fresh)
  return fresh
}
