import { isUtf8 } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
  statSync,
  unlinkSync,
} from 'node:fs'
import { chmod, type FileHandle, lstat, mkdir, open, rename, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { TyraxError } from '../errors/tyrax-error.js'
import { decodedText, utf16Of } from '../platform/decoded-text.js'

/**
 * One rule for every file that decides what tyrax does: tokens, records of running clouds and of unfinished downloads,
 * locks, clouds files, certificates. What tyrax wrote itself is taken back only if it is a regular file of the same
 * user that no other user can change, never through a link. What the user names may be anyone's and behind a link, but
 * is a regular file of a bounded size too. Nothing here waits for another process.
 */

/** A file at a name that steers tyrax is not one that may. */
export class FileRefused extends TyraxError {
  override readonly name: string = 'FileRefused'
  readonly path: string
  /** Continues a sentence that begins with the path. */
  readonly reason: string
  readonly why: Refusal

  constructor(path: string, why: Refusal, reason: string, hint?: string) {
    super(`${path} ${reason}`, { hint: hint ?? `remove ${path}` })
    this.path = path
    this.why = why
    this.reason = reason
  }
}

/** `shared`: a file of this user that others can write. `kind`: not a regular file, or not a folder. */
type Refusal = 'kind' | 'foreign' | 'shared' | 'size' | 'encoding'

// Windows has neither, and no owners or pipes of this kind.
const noFollow = constants.O_NOFOLLOW ?? 0
const noWait = constants.O_NONBLOCK ?? 0
const writableByOthers = 0o022
const newFile = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | noFollow

/**
 * Opens a file that tyrax wrote, for changing it in place.
 * @returns undefined when there is none
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

/** Looked at before it is opened: opening some devices does something already. @throws FileRefused */
function isThere(path: string, mayBeShared: boolean): boolean {
  const seen = orUndefined(() => lstatSync(path, { throwIfNoEntry: false }))
  if (seen) refuseStranger(path, seen, mayBeShared)
  return seen !== undefined
}

/**
 * The text of a file that tyrax wrote. Read at once: it is small, and handing each step to Node's threads takes longer
 * than all of them.
 * @param options `mayBeShared` where others can do no harm with what they write
 * @returns undefined when there is none
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
 * Writes a file that only its owner can read, whole or not at all. A link at its name is replaced, not followed.
 * @param temporary its name until it is whole, where no other process writes the same file: what is there is removed
 * @throws the system's error, e.g. when a folder is at its name
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

/** Makes a file that was not there, and opens it. @throws the system's error, e.g. EEXIST for a link too */
export function openNew(path: string, mode: number): Promise<FileHandle> {
  return open(path, newFile, mode)
}

function temporaryName(path: string): string {
  return `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
}

/**
 * Makes a folder that only its owner can enter, or makes it so where it is the owner's already.
 * @throws FileRefused for a link, a file, and a folder of another user, also one that it would have to be made in
 */
export async function ownFolder(path: string): Promise<void> {
  const seen = await lstat(path).catch(undefinedIfMissing)
  if (!seen) return makeFolders(path, refuseHomeOfAnother)
  if (!seen.isDirectory()) throw new FileRefused(path, 'kind', `is ${kindOf(seen)} and not a folder`)
  if (!isOwn(seen)) throw new FileRefused(path, 'foreign', ownerOf(seen))
  if (process.platform !== 'win32' && (seen.mode & 0o077) !== 0) await chmod(path, 0o700)
}

/** What is left behind as root in a folder of another user could not be removed by that user. */
function refuseHomeOfAnother(folder: string, found: Stats): void {
  if (!isOwn(found) && found.uid !== 0) throw new FileRefused(folder, 'foreign', ownerOf(found))
}

/**
 * Makes a folder, and those above it that are missing, for their owner alone. What is there stays as it is.
 * One by one: where no folder can be made (/proc), Node tries for ever to make them all.
 * @param check called with the folder that is there already, below which the others are made
 */
export async function makeFolders(path: string, check?: (folder: string, found: Stats) => void): Promise<void> {
  const found = await stat(path).catch(undefinedIfMissing)
  if (found) return check?.(path, found)
  if (dirname(path) !== path) await makeFolders(dirname(path), check)
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}

/** As {@link readGivenBytes}, as text. @throws FileRefused for what is neither UTF-8 nor has a byte order mark */
export async function readGivenFile(path: string, maxBytes: number, check?: (found: Stats) => void): Promise<string> {
  const bytes = await readGivenBytes(path, maxBytes, check)
  if (utf16Of(bytes) === undefined && !isUtf8(bytes)) {
    throw new FileRefused(path, 'encoding', 'is not UTF-8', 'save it with the encoding UTF-8')
  }
  return decodedText(bytes)
}

/**
 * The bytes of a file that the user names. A pipe is read only where it is one of the caller's own descriptors, as the
 * shell's `<(command)` passes them.
 * @param check what else is asked of the file, by its owner and mode
 * @throws FileRefused for a pipe, a device and more than `maxBytes`; the system's error, e.g. ENOENT, EISDIR
 */
export async function readGivenBytes(path: string, maxBytes: number, check?: (found: Stats) => void): Promise<Buffer> {
  const isDescriptor = /^\/(dev\/stdin|(dev|proc\/self)\/fd\/\d+)$/.test(path)
  const refuse = (found: Stats) => {
    // Of a folder the system itself says so.
    if (found.isDirectory() || (isDescriptor && (found.isFIFO() || found.isSocket()))) return
    refuseKind(path, found, 'name a regular file')
  }
  const checkOpened = (found: Stats) => {
    refuse(found)
    check?.(found)
  }
  const seen = statSync(path)
  refuse(seen)
  if (seen.isFIFO() || seen.isSocket()) {
    const pipe = await open(path, constants.O_RDONLY)
    try {
      checkOpened(await pipe.stat())
      return await readPipe(pipe, path, maxBytes)
    } finally {
      await pipe.close()
    }
  }
  const file = openSync(path, constants.O_RDONLY | (isDescriptor ? 0 : noWait))
  try {
    const opened = fstatSync(file)
    checkOpened(opened)
    return readWhole(file, opened, path, maxBytes)
  } finally {
    closeSync(file)
  }
}

/** Whether the file is this user's. Where files have no owner (Windows), each one is. */
export function isOwn({ uid }: Stats): boolean {
  const own = process.geteuid?.()
  return own === undefined || uid === own
}

export function ownerOf({ uid }: Stats): string {
  return `belongs to another user (uid ${uid})`
}

function refuseKind(path: string, found: Stats, hint?: string): void {
  if (!found.isFile()) throw new FileRefused(path, 'kind', `is ${kindOf(found)} and not a regular file`, hint)
}

function kindOf(found: Stats): string {
  if (found.isFile()) return 'a file'
  if (found.isSymbolicLink()) return 'a link'
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a named pipe'
  return found.isSocket() ? 'a socket' : 'a device'
}

function refuseStranger(path: string, found: Stats, mayBeShared: boolean): void {
  refuseKind(path, found)
  const own = isOwn(found)
  if (own && (mayBeShared || process.platform === 'win32' || (found.mode & writableByOthers) === 0)) return
  // Some file systems know no owners or modes, or others than ours (FAT, mounts of another machine's folders).
  const here = madeHere(dirname(path))
  if (here && here.uid === found.uid && (found.mode & writableByOthers & ~here.mode) === 0) return
  throw own
    ? new FileRefused(path, 'shared', 'can be written by other users')
    : new FileRefused(path, 'foreign', ownerOf(found))
}

/** What owner and mode a private file gets in this folder; undefined where none can be made. */
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

function readWhole(file: number, { size }: Stats, path: string, maxBytes: number): Buffer {
  const read = createPieces(path, maxBytes)
  // A byte more than it has: what is read then is all of it. Some files of the system say that they have none.
  for (let room = Math.min(size, maxBytes) + 1; ; room = pieceBytes) {
    const piece = Buffer.allocUnsafe(room)
    const whole = read(piece, readSync(file, piece))
    if (whole) return whole
  }
}

async function readPipe(file: FileHandle, path: string, maxBytes: number): Promise<Buffer> {
  const read = createPieces(path, maxBytes)
  for (;;) {
    const piece = Buffer.allocUnsafe(pieceBytes)
    const { bytesRead } = await file.read(piece, 0, piece.byteLength, null)
    const whole = read(piece, bytesRead)
    if (whole) return whole
  }
}

const pieceBytes = 64 * 1024

/** Takes piece after piece. @returns all of them after one in which nothing was read @throws FileRefused */
function createPieces(path: string, maxBytes: number): (piece: Buffer, bytesRead: number) => Buffer | undefined {
  const pieces: Buffer[] = []
  let total = 0
  return (piece, bytesRead) => {
    if (bytesRead === 0) return Buffer.concat(pieces)
    total += bytesRead
    if (total > maxBytes)
      throw new FileRefused(path, 'size', `has more than ${maxBytes} bytes`, 'is it the right file?')
    pieces.push(piece.subarray(0, bytesRead))
    return undefined
  }
}

/** The result of a call of the system; undefined where there is no such file. */
function orUndefined<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch (error) {
    return undefinedIfMissing(error as NodeJS.ErrnoException)
  }
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  // The second: what should be a folder on the way is a file.
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}
