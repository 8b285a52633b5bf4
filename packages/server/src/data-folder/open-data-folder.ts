import { access, constants, lstat, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { closeDatabase, DatabaseInUse, openDatabase, type Database, type Migration } from '../database/database.js'
import {
  compareWithSteps,
  DatabaseDamaged,
  inspectDatabase,
  readContents,
  type DatabaseContents,
} from '../database/inspect-database.js'
import { DataFolderError, DataFolderInUse, type DataFolderProblem } from './data-folder-error.js'
import { markerLeftover, markerName, markNew, readMarker, writeMarker, type Marker } from './marker.js'
import { readOwnFile, writeNewFile, writeOwnFile } from './own-file.js'
import { checkNames, closeFolder, closeNames, findPlace } from './place.js'
import { isAlive } from './process-identity.js'

/** A folder for records and bytes, in use by this process only. */
export interface DataFolder {
  readonly path: string
  readonly db: Database
  /** Records in the marker that the database has its tables: from now on it must exist. */
  settle(): Promise<void>
  /** Records that this run stores data, so that an older copy of the database can be recognized. */
  noteRun(): Promise<void>
  close(): Promise<void>
}

export interface OpenDataFolderOptions {
  readonly migrations: readonly Migration[]
  /** Accept a database that is older than the data next to it. */
  readonly allowOlder: boolean
}

/** Names that do not count as content: those of a new file system, and the first files of earlier versions. */
const isNothing = /^(?:lost\+found|guests|cloud\.pid|running\.json(?:\.\d+\.[0-9a-f]{8})?)$/

/** Services that every version had. A folder without a marker only counts as ours if its database has all of them. */
const firstServices = ['identity', 'image', 'object-store']

/**
 * Opens a data folder, or turns a missing or empty folder into one. Everything is checked before anything is changed.
 * @throws DataFolderError, DataFolderInUse
 */
export async function openDataFolder(given: string, options: OpenDataFolderOptions): Promise<DataFolder> {
  const folder = await findPlace(path.resolve(given))
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await openOnce(folder, options)
    } catch (error) {
      if (error instanceof DatabaseDamaged) throw damaged(folder, error.message, error)
      if (!(error instanceof DatabaseInUse)) throw error
      const holder = await readHolder(folder)
      const isHeld = holder !== undefined && isAlive(holder)
      if (isHeld || attempt === attempts) throw new DataFolderInUse(folder, isHeld ? holder : undefined, error)
    }
    await sleep(20 + Math.random() * 40)
  }
}

/** Processes that inspect the folder at the same moment block each other's lock; on a retry one of them gets it. */
const attempts = 10

async function openOnce(folder: string, options: OpenDataFolderOptions): Promise<DataFolder> {
  const database = path.join(folder, 'cloud.sqlite')
  const { marker, isAdopted, isInspected } = await look(folder, database, options)
  const wasOpen = await closeFolder(folder)
  // SQLite creates its other files with the mode of this one.
  if (marker.isNew) await writeNewFile(database, '').catch(ignoreExisting)
  const db = openDatabase(database)
  try {
    const { isNew, runs } = (await readMarker(folder)) ?? marker
    if (isNew !== marker.isNew || runs !== marker.runs) {
      throw new DatabaseInUse(database, new Error('another process has just opened it'))
    }
    if (!isInspected) judge(folder, marker, readContents(db), options)
    await closeNames(folder, wasOpen)
    await writeOwnFile(holderFile(folder), `${process.pid}\n`)
    return createDataFolder(folder, db, marker, isAdopted)
  } catch (error) {
    closeDatabase(db)
    throw error
  }
}

const holderFile = (folder: string) => path.join(folder, 'cloud.pid')

/** @returns undefined if no process has written its id */
async function readHolder(folder: string): Promise<number | undefined> {
  const text = await readOwnFile(holderFile(folder)).catch(() => undefined)
  const [pid] = /^[1-9]\d{0,9}$/.exec(text?.trim() ?? '') ?? []
  return pid === undefined ? undefined : Number(pid)
}

function createDataFolder(folder: string, db: Database, opened: Marker, isAdopted: boolean): DataFolder {
  let { runs } = opened
  const numberOf = () => Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
  const numberDatabase = () => {
    // Synced before the marker is written, so that after a power cut the database cannot have the lower number.
    db.exec(`PRAGMA synchronous = FULL; PRAGMA user_version = ${runs}; PRAGMA synchronous = NORMAL`)
  }
  return {
    path: folder,
    db,
    async settle() {
      // An older database was allowed, so it counts as current from now on.
      if (numberOf() < runs) numberDatabase()
      if (opened.isNew || isAdopted) await writeMarker(folder, { isNew: false, runs })
    },
    async noteRun() {
      runs = Math.max(runs, numberOf()) + 1
      numberDatabase()
      await writeMarker(folder, { isNew: false, runs })
    },
    async close() {
      await rm(holderFile(folder), { force: true })
      closeDatabase(db)
    },
  }
}

/** The result of inspecting a folder. */
interface Found {
  readonly marker: Marker
  /** The folder was made by an earlier version, without a marker. */
  readonly isAdopted: boolean
  /** False if the database can only be read after it has been opened. */
  readonly isInspected: boolean
}

/** Checks whether a folder may be used, and marks an empty one. Changes nothing else. */
async function look(folder: string, database: string, options: OpenDataFolderOptions): Promise<Found> {
  for (;;) {
    const marker = await readMarker(folder)
    if (marker === undefined) {
      const names = await readdir(folder)
      // Another process has created the marker in the meantime.
      if (names.includes(markerName)) continue
      if (names.every((name) => isNothing.test(name) || markerLeftover.test(name))) {
        await checkNames(folder)
        await markNew(folder)
        continue
      }
    }
    await checkNames(folder)
    const contents = await inspect(folder, database, marker)
    const found = marker ?? { isNew: false, runs: 0 }
    if (marker === undefined) checkAdoption(folder, contents)
    if (contents !== 'new' && contents !== 'journal') judge(folder, found, contents, options)
    return { marker: found, isAdopted: marker === undefined, isInspected: contents !== 'journal' }
  }
}

/** `new`: no database and no stored data exist yet. `journal`: the database can only be read after it is opened. */
async function inspect(
  folder: string,
  database: string,
  marker: Marker | undefined,
): Promise<DatabaseContents | 'new' | 'journal'> {
  const size = await sizeOf(database)
  if (size !== undefined && size > 0) {
    await access(database, constants.R_OK | constants.W_OK).catch((error: NodeJS.ErrnoException) => {
      const what = `its cloud.sqlite cannot be read and written (${error.code ?? error.message})`
      throw unusable(folder, 'place', what, `restore its mode: chmod 600 ${database}`)
    })
    try {
      return inspectDatabase(database) ?? 'journal'
    } catch (error) {
      if (marker === undefined && error instanceof DatabaseDamaged) throw foreign(folder)
      throw error
    }
  }
  if (marker === undefined) throw foreign(folder)
  if (marker.isNew && (await isEmpty(path.join(folder, 'blobs')))) return 'new'
  const restore = `restore it from a backup, or move ${folder} away to start over`
  if (size === 0) throw unusable(folder, 'database-empty', 'its cloud.sqlite is empty', restore)
  throw unusable(folder, 'database-missing', 'its cloud.sqlite is missing', restore)
}

function checkAdoption(folder: string, contents: DatabaseContents | 'new' | 'journal'): void {
  if (contents === 'new' || contents === 'journal') throw foreign(folder)
  if (!firstServices.every((name) => contents.steps.some(({ service }) => service === name))) throw foreign(folder)
}

function judge(folder: string, marker: Marker, contents: DatabaseContents, options: OpenDataFolderOptions): void {
  if (!marker.isNew && contents.steps.length === 0) throw damaged(folder, 'it has no tables of tyrax')
  const fitness = compareWithSteps(contents, options.migrations)
  if (fitness.is === 'damaged') throw damaged(folder, fitness.what)
  if (fitness.is === 'newer') {
    const what = `its cloud.sqlite is of a newer version of tyrax: ${fitness.what}`
    throw unusable(folder, 'database-newer', what, 'use that version, or a newer one')
  }
  if (contents.userVersion >= marker.runs || options.allowOlder) return
  throw unusable(
    folder,
    'database-older',
    `its cloud.sqlite is older than the data next to it (of run ${contents.userVersion}, the data is of run ${marker.runs})`,
    'put the newer one back; to use the older one, run `tyrax serve --sweep` once (`sweep` in code), which moves the data that it does not know to a folder of its own',
  )
}

function foreign(folder: string): DataFolderError {
  return unusable(
    folder,
    'foreign',
    `it contains other files, and no ${markerName} of tyrax`,
    'choose an empty folder or a new name; for a folder of tyrax 0.1.0, put its cloud.sqlite back',
  )
}

function damaged(folder: string, what: string, cause?: unknown): DataFolderError {
  const hint = `restore it from a backup, or move ${folder} away to start over`
  return new DataFolderError(folder, {
    problem: 'database-damaged',
    what: `its cloud.sqlite is damaged: ${what}`,
    hint,
    cause,
  })
}

function unusable(folder: string, problem: DataFolderProblem, what: string, hint: string): DataFolderError {
  return new DataFolderError(folder, { problem, what, hint })
}

async function sizeOf(file: string): Promise<number | undefined> {
  return (await lstat(file).catch(() => undefined))?.size
}

async function isEmpty(folder: string): Promise<boolean> {
  return (await readdir(folder).catch(() => [])).length === 0
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
