import { randomBytes } from 'node:crypto'
import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats, unlinkSync } from 'node:fs'
import { chmod, type FileHandle, lstat, mkdir, open, rename, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FileRefused, isOwn, kindOf, noFollow, noWait, ownerOf, readWhole, refuseKind } from './guarded-file.js'

const writableByOthers = 0o022
const newFile = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | noFollow

/**
 * Opens a file that tyrax wrote, to change it in place.
 * @returns undefined when it does not exist
 * @throws FileRefused for a link, a folder, a pipe, a device, a file of another user or one that others can write
 */
export async function openOwnFile(path: string): Promise<FileHandle | undefined> {
  if (!isThere(path, false)) return undefined
  const file = await open(path, constants.O_RDWR | noFollow | noWait).catch(undefinedIfMissing)
  if (!file) return undefined
  try {
    refuseStranger(path, await file.stat(), false)
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Checks the file before it is opened, because opening some devices has side effects. @throws FileRefused */
function isThere(path: string, mayBeShared: boolean): boolean {
  const seen = orUndefined(() => lstatSync(path, { throwIfNoEntry: false }))
  if (seen) refuseStranger(path, seen, mayBeShared)
  return seen !== undefined
}

/**
 * The text of a file that tyrax wrote. Read synchronously: the file is small, and passing each step to Node's threads
 * takes longer than all the steps together.
 * @param options `mayBeShared` when content written by other users can do no harm
 * @returns undefined when it does not exist
 * @throws FileRefused as {@link openOwnFile}, and for more than `maxBytes`
 */
export async function readOwnFile(
  path: string,
  maxBytes: number,
  { mayBeShared = false }: { readonly mayBeShared?: boolean } = {},
): Promise<string | undefined> {
  if (!isThere(path, mayBeShared)) return undefined
  const file = orUndefined(() => openSync(path, constants.O_RDONLY | noFollow | noWait))
  if (file === undefined) return undefined
  try {
    const found = fstatSync(file)
    refuseStranger(path, found, mayBeShared)
    return readWhole(file, found, path, maxBytes).toString('utf8')
  } finally {
    closeSync(file)
  }
}

/**
 * Writes a file that only its owner can read, atomically. A link at its path is replaced, not followed.
 * @param temporary the path used until the file is complete; no other process may use it, an existing file there is
 * removed
 * @throws the system's error, e.g. when a folder is at its path
 */
export async function writeOwnFile(path: string, text: string, temporary = temporaryName(path)): Promise<void> {
  await unlink(temporary).catch(undefinedIfMissing)
  const file = await openNew(temporary, 0o600)
  try {
    try {
      await file.writeFile(text)
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await unlink(temporary).catch(undefinedIfMissing)
    throw error
  }
}

/** Creates a new file and opens it. @throws the system's error, e.g. EEXIST, also for a link */
export function openNew(path: string, mode: number): Promise<FileHandle> {
  return open(path, newFile, mode)
}

function temporaryName(path: string): string {
  return `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
}

/**
 * Creates a folder that only its owner can enter, or restricts an existing folder of the same owner.
 * @throws FileRefused for a link, a file, and a folder of another user, also as the parent of a new folder
 */
export async function ownFolder(path: string): Promise<void> {
  const seen = await lstat(path).catch(undefinedIfMissing)
  if (!seen) return makeFolders(path, refuseHomeOfAnother)
  if (!seen.isDirectory()) throw new FileRefused(path, 'kind', `is ${kindOf(seen)}, not a folder`)
  if (!isOwn(seen)) throw new FileRefused(path, 'foreign', ownerOf(seen))
  if (process.platform !== 'win32' && (seen.mode & 0o077) !== 0) await chmod(path, 0o700)
}

/** Files that root leaves in a folder of another user could not be removed by that user. */
function refuseHomeOfAnother(folder: string, found: Stats): void {
  if (!isOwn(found) && found.uid !== 0) throw new FileRefused(folder, 'foreign', ownerOf(found))
}

/**
 * Creates a folder and its missing parents, accessible to their owner only. Existing folders stay as they are. They are
 * created one by one: where folders cannot be created (/proc), Node's recursive mkdir never ends.
 * @param check called with the existing folder in which the others are created
 */
export async function makeFolders(path: string, check?: (folder: string, found: Stats) => void): Promise<void> {
  const found = await stat(path).catch(undefinedIfMissing)
  if (found) return check?.(path, found)
  if (dirname(path) !== path) await makeFolders(dirname(path), check)
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}

function refuseStranger(path: string, found: Stats, mayBeShared: boolean): void {
  refuseKind(path, found)
  const own = isOwn(found)
  if (own && (mayBeShared || process.platform === 'win32' || (found.mode & writableByOthers) === 0)) return
  // Some file systems have no owners or modes, or use their own (FAT, mounts of another machine's folders).
  const here = madeHere(dirname(path))
  if (here && here.uid === found.uid && (found.mode & writableByOthers & ~here.mode) === 0) return
  throw own
    ? new FileRefused(path, 'shared', 'can be written by other users')
    : new FileRefused(path, 'foreign', ownerOf(found))
}

/** The owner and mode that a private file gets in this folder; undefined when no file can be created. */
function madeHere(folder: string): Stats | undefined {
  const path = temporaryName(join(folder, '.tyrax'))
  let file: number
  try {
    file = openSync(path, newFile, 0o600)
  } catch {
    return undefined
  }
  try {
    return fstatSync(file)
  } finally {
    closeSync(file)
    unlinkSync(path)
  }
}

/** The result of a system call; undefined when the file does not exist. */
function orUndefined<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch (error) {
    return undefinedIfMissing(error as NodeJS.ErrnoException)
  }
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  // ENOTDIR: a component of the path is a file instead of a folder.
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}
