import { constants } from 'node:fs'
import { access, chmod, lstat, mkdir, readdir, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { DataFolderError } from './data-folder-error.js'
import { isOwn, isPosix, strangeness } from './own-file.js'

/** The files with a fixed name in a data folder. */
const fileNames = [
  'cloud.sqlite',
  'cloud.sqlite-wal',
  'cloud.sqlite-shm',
  'cloud.sqlite-journal',
  'cloud.pid',
  'running.json',
  'token.json',
  'clouds.yaml',
  'tyrax-data.json',
] as const
const folderNames = ['tmp', 'blobs', 'orphans'] as const

/**
 * The real path of a folder that belongs to the user, created if missing. A link to such a folder is resolved once.
 * @throws DataFolderError for any other place
 */
export async function findPlace(given: string): Promise<string> {
  const refuse = (what: string, hint: string, cause?: unknown) =>
    new DataFolderError(given, { problem: 'place', what, hint, cause })
  let place: string
  try {
    const stats = await stat(given).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    })
    if (stats && !stats.isDirectory())
      throw refuse('it is not a folder', 'choose a folder, or a name that is still free')
    if (!stats) await makeFolders(given)
    place = await realpath(given)
  } catch (error) {
    if (error instanceof DataFolderError) throw error
    throw refuse(`it cannot be made or entered (${codeOf(error)})`, 'choose a folder that you can write to', error)
  }
  const inside = `choose a folder inside it, such as ${path.join(given, 'tyrax-cloud')}`
  if (place === path.parse(place).root) throw refuse('it is the root of the file system', inside)
  if (place === (await realpath(homedir()).catch(() => homedir()))) throw refuse('it is your home folder', inside)
  const stats = await stat(place)
  if (!isOwn(stats)) {
    throw refuse(`it belongs to another user (${stats.uid})`, 'run as that user, or choose a folder of your own')
  }
  try {
    await access(place, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw refuse(`it cannot be written to (${codeOf(error)})`, 'make it writable, or choose another folder', error)
  }
  return place
}

/** Makes the folders one by one: where none can be made (/proc), a recursive `mkdir` of Node never returns. */
async function makeFolders(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory() === true) return
  if (path.dirname(folder) !== folder) await makeFolders(path.dirname(folder))
  await mkdir(folder, { mode: 0o700 }).catch(async (error: NodeJS.ErrnoException) => {
    const isMade = error.code === 'EEXIST' && (await stat(folder).catch(() => undefined))?.isDirectory() === true
    if (!isMade) throw error
  })
}

/** @throws DataFolderError if a name that we use is taken by a link, a pipe or another user's file or folder */
export async function checkNames(folder: string): Promise<void> {
  const expected = [
    ...fileNames.map((name) => ({ name, kind: 'file' as const })),
    ...folderNames.map((name) => ({ name, kind: 'folder' as const })),
  ]
  for (const { name, kind } of expected) {
    const stats = await lstat(path.join(folder, name)).catch(() => undefined)
    const strange = stats && strangeness(stats, kind)
    if (strange === undefined) continue
    throw new DataFolderError(folder, {
      problem: 'names',
      what: `${name} in it is ${strange}`,
      hint: `find out where it came from, then move it away: tyrax needs a ${kind} of that name`,
    })
  }
}

/** Restricts the folder itself to its owner, before anything is written in it. @returns whether others had access */
export async function closeFolder(folder: string): Promise<boolean> {
  return isPosix && restrict(folder)
}

/** Restricts our own files and folders to their owner; if others had access to the folder, the stored data too. */
export async function closeNames(folder: string, wasOpen: boolean): Promise<void> {
  if (!isPosix) return
  for (const name of fileNames) await restrict(path.join(folder, name))
  for (const name of folderNames) {
    await restrict(path.join(folder, name))
    if (wasOpen) await closeBelow(path.join(folder, name))
  }
}

/** Names of shards, blobs and folders of orphans, and what earlier versions left. */
const ownForm = /^(?:[0-9a-f]{2}|[0-9a-f]{32}|\d{4}-\d\d-\d\dT[\d-]+Z|\d+-[0-9a-f]{8})$/

async function closeBelow(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (!ownForm.test(entry.name)) continue
    const file = path.join(folder, entry.name)
    await restrict(file)
    if (entry.isDirectory()) await closeBelow(file)
  }
}

async function restrict(file: string): Promise<boolean> {
  const stats = await lstat(file).catch(() => undefined)
  // `chmod` would follow a link.
  if (!stats || (!stats.isFile() && !stats.isDirectory()) || !isOwn(stats) || (stats.mode & 0o077) === 0) return false
  await chmod(file, stats.mode & 0o700)
  return true
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}
