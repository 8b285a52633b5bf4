import { randomBytes } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { lstat, open, rename, rm, type FileHandle } from 'node:fs/promises'
import path from 'node:path'

/** The path of one of our files is taken by a link, a folder, a pipe or another user's file. */
export class NotOwnFile extends Error {
  override readonly name = 'NotOwnFile'
  readonly file: string
  /** e.g. `a link` */
  readonly kind: string

  constructor(file: string, kind: string) {
    super(`${file} is ${kind}`)
    this.file = file
    this.kind = kind
  }
}

/** Our own control files are small. */
const mostBytes = 64 * 1024

/**
 * Reads a small text file that belongs to this user. Links are not followed, and a pipe does not block the process.
 * @returns undefined when there is no such file
 * @throws NotOwnFile for anything other than a regular file of this user
 */
export async function readOwnFile(file: string): Promise<string | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  let handle: FileHandle
  try {
    handle = await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    const stats = await lstat(file).catch(() => undefined)
    const kind = stats && strangeness(stats, 'file')
    throw kind === undefined ? error : new NotOwnFile(file, kind)
  }
  try {
    const stats = await handle.stat()
    const kind = strangeness(stats, 'file')
    if (kind !== undefined) throw new NotOwnFile(file, kind)
    if (stats.size > mostBytes) throw new NotOwnFile(file, `${stats.size} bytes long`)
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

/** Atomically writes a file that only its owner can read. An existing file or link is replaced, never followed. */
export async function writeOwnFile(file: string, text: string): Promise<void> {
  const temporary = temporaryName(file)
  try {
    await writeNewFile(temporary, text)
    await rename(temporary, file)
    await syncFolder(path.dirname(file))
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Writes a file that must not exist yet, and syncs it to the disk. */
export async function writeNewFile(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A name next to `file` that no other process uses. */
export const temporaryName = (file: string): string => `${file}.${process.pid}.${randomBytes(4).toString('hex')}`

/** The error codes of file systems without hard links. */
export const linkless: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK'])

/** A rename only survives a power cut once its folder is synced. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows does not allow syncing folders and does not need it.
  if (process.platform === 'win32') return
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Why this is not a file or folder of the user's own, e.g. `a link`; undefined when it is one. */
export function strangeness(stats: Stats, expected: 'file' | 'folder'): string | undefined {
  if (stats.isSymbolicLink()) return 'a link'
  if (stats.isDirectory() && expected === 'file') return 'a folder'
  if (stats.isFile() && expected === 'folder') return 'a file'
  if (!stats.isFile() && !stats.isDirectory()) return stats.isFIFO() ? 'a pipe' : 'not a regular file'
  return isOwn(stats) ? undefined : `another user's (${stats.uid})`
}

/** Whether the user that this process runs as owns it; always true on Windows, which has no such owners. */
export function isOwn({ uid }: Stats): boolean {
  return process.geteuid === undefined || uid === process.geteuid()
}

/** Whether file modes have a meaning on this system. */
export const isPosix = process.platform !== 'win32'
