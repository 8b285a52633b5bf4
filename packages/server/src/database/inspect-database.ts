import { rmSync, statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { DatabaseSync } from './driver.js'
import { DatabaseInUse, type Migration } from './database.js'

/** The contents of a database file. */
export interface DatabaseContents {
  /** The migrations that were run. */
  readonly steps: readonly { readonly service: string; readonly version: number }[]
  /** The names of tables and indexes. */
  readonly names: ReadonlySet<string>
  /** SQLite's `user_version`. */
  readonly userVersion: number
}

/** The file is not a database, or its pages contradict each other. */
export class DatabaseDamaged extends Error {
  override readonly name = 'DatabaseDamaged'
}

/**
 * Reads the contents of a database file and checks all its pages, without changing the file or those next to it. The
 * write-ahead log that a crash left is read, and stays there.
 * @returns undefined when a rollback journal has to be played back first, which would change the file
 * @throws DatabaseInUse, DatabaseDamaged
 */
export function inspectDatabase(file: string): DatabaseContents | undefined {
  if (sizeOf(`${file}-journal`) > 0) return undefined
  const hasLog = sizeOf(`${file}-wal`) > 0
  const hadIndex = sizeOf(`${file}-shm`) >= 0
  // Without a log no cloud is using the file, so it can be opened as immutable, which takes no locks.
  const db = new DatabaseSync(hasLog ? file : `${pathToFileURL(file).href}?mode=ro&immutable=1`, { readOnly: true })
  try {
    db.exec('BEGIN')
    return readContents(db)
  } catch (error) {
    if (error instanceof Error && /database is locked/i.test(error.message)) throw new DatabaseInUse(file, error)
    throw error
  } finally {
    // Reading the log created this file. A running cloud keeps its index in its own memory and does not need it.
    if (hasLog && !hadIndex) rmSync(`${file}-shm`, { force: true })
    db.close()
  }
}

/** @throws DatabaseDamaged */
export function readContents(db: InstanceType<typeof DatabaseSync>): DatabaseContents {
  try {
    const names = new Set(rowsOf(db, ['name'], 'sqlite_master').map(String))
    const [problem] = rowsOf(db, ['quick_check'], 'pragma_quick_check LIMIT 1')
    if (problem !== 'ok') throw new DatabaseDamaged(String(problem))
    const steps = names.has('migrations')
      ? rowsOf(db, ["service || ':' || version"], 'migrations').map((step) => {
          const [service = '', version = ''] = String(step).split(':')
          return { service, version: Number(version) }
        })
      : []
    return { steps, names, userVersion: Number(rowsOf(db, ['user_version'], 'pragma_user_version')[0]) }
  } catch (error) {
    if (error instanceof DatabaseDamaged || !(error instanceof Error) || /locked/i.test(error.message)) throw error
    throw new DatabaseDamaged(error.message, { cause: error })
  }
}

/**
 * Reads one column of a table through a function that SQL calls: a prepared statement would keep the connection and its
 * lock until it is garbage collected.
 */
function rowsOf(db: InstanceType<typeof DatabaseSync>, [column]: readonly [string], table: string): unknown[] {
  const values: unknown[] = []
  db.function('tyrax_collect', (value: unknown) => {
    values.push(value)
    return 0
  })
  db.exec(`SELECT tyrax_collect(${column}) FROM ${table}`)
  return values
}

/** How a database compares with the migrations that this version knows. */
export type Fitness = { readonly is: 'fit' } | { readonly is: 'newer' | 'damaged'; readonly what: string }

/**
 * A database is fit when every recorded migration is known and its tables exist, and no table exists whose migration
 * has not run. Missing later migrations are fine: they run when the database is opened.
 */
export function compareWithSteps({ steps, names }: DatabaseContents, known: readonly Migration[]): Fitness {
  const isRun = (step: Migration) => steps.some((run) => run.service === step.service && run.version === step.version)
  const unknown = steps.find(
    (run) => !known.some((step) => step.service === run.service && step.version === run.version),
  )
  if (unknown) return { is: 'newer', what: `it has version ${unknown.version} of the tables of ${unknown.service}` }
  const made = namesMadeBy(known.filter(isRun))
  if (made === undefined) return { is: 'damaged', what: 'its list of migrations has gaps' }
  const missing = [...made].filter((name) => !names.has(name))
  if (missing.length > 0) return { is: 'damaged', what: `it has no ${missing.join(', ')}` }
  const early = [...(namesMadeBy(known) ?? [])].filter((name) => !made.has(name) && names.has(name))
  if (early.length > 0) return { is: 'damaged', what: `its list of migrations does not know of ${early.join(', ')}` }
  return { is: 'fit' }
}

/** @returns undefined when a migration needs another that is not in the list */
function namesMadeBy(steps: readonly Migration[]): ReadonlySet<string> | undefined {
  const db = new DatabaseSync(':memory:')
  try {
    for (const { sql } of steps.toSorted((a, b) => a.version - b.version)) db.exec(sql)
    return new Set(rowsOf(db, ['name'], 'sqlite_master').map(String))
  } catch {
    return undefined
  } finally {
    db.close()
  }
}

/** @returns -1 when there is no such file */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? -1
}
