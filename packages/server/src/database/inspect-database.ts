import { rmSync, statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { DatabaseSync } from '@photostructure/sqlite'
import { DatabaseInUse, type Migration } from './database.js'

/** What is in a database file. */
export interface DatabaseContents {
  /** The steps that were run. */
  readonly steps: readonly { readonly service: string; readonly version: number }[]
  /** The names of tables and indexes. */
  readonly names: ReadonlySet<string>
  /** SQLite's `user_version`. */
  readonly userVersion: number
}

/** A file that is no database, or one whose pages contradict each other. */
export class DatabaseDamaged extends Error {
  override readonly name = 'DatabaseDamaged'
}

/**
 * Reads what is in a database file and checks all its pages, without changing a byte next to or in it: what a crash
 * left in the write-ahead log is read, and stays there.
 * @returns undefined where a rollback journal has to be played back first, which changes the file
 * @throws DatabaseInUse, DatabaseDamaged
 */
export function inspectDatabase(file: string): DatabaseContents | undefined {
  if (sizeOf(`${file}-journal`) > 0) return undefined
  const hasLog = sizeOf(`${file}-wal`) > 0
  const hadIndex = sizeOf(`${file}-shm`) >= 0
  // Without a log no cloud runs on it: it may be read as a file that nothing changes, which takes no locks.
  const db = new DatabaseSync(hasLog ? file : `${pathToFileURL(file).href}?mode=ro&immutable=1`, { readOnly: true })
  try {
    db.exec('BEGIN')
    return readContents(db)
  } catch (error) {
    if (error instanceof Error && /database is locked/i.test(error.message)) throw new DatabaseInUse(file, error)
    throw error
  } finally {
    // Made to read the log. The process that runs the cloud has it in its own memory.
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
 * One column of a table, by way of a function that SQL calls: a prepared statement would keep the connection, and its
 * lock, for as long as it is not collected.
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

/** How a database compares with the steps that this version knows. */
export type Fitness = { readonly is: 'fit' } | { readonly is: 'newer' | 'damaged'; readonly what: string }

/**
 * Fit: every step that it says was run is known and has left its tables, and no table is there whose step is still to be
 * run. What is only missing later steps is fit: they are run when it is opened.
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

/** @returns undefined when a step needs another that is not among them */
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
