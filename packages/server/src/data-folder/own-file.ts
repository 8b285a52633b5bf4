import { randomBytes } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { lstat, open, rename, rm, type FileHandle } from 'node:fs/promises'
import path from 'node:path'

/** A name that a file of ours should have is a link, a folder, a pipe or another user's. */
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

/** Files that we write to steer ourselves by are small. */
const mostBytes = 64 * 1024

/**
 * Reads a small text file of the user's own. Links are not followed, and a pipe does not hold the process up.
 * @returns undefined when there is no such file
 * @throws NotOwnFile for anything else than a regular file of this user
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

/** Writes a file that only its owner can read, whole or not at all: what had the name before is replaced, never followed. */
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

/** Writes a file that must not exist yet, and hands it to the disk. */
export async function writeNewFile(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A name next to `file` that is no other process's. */
export const temporaryName = (file: string): string => `${file}.${process.pid}.${randomBytes(4).toString('hex')}`

/** What file systems without hard links say. */
export const linkless: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK'])

/** A rename is only kept through a power cut once its folder is synced. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows refuses to sync folders and needs none.
  if (process.platform === 'win32') return
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** What is wrong with this as a file or folder of the user's own, e.g. `a link`; undefined when nothing is. */
export function strangeness(stats: Stats, expected: 'file' | 'folder'): string | undefined {
  if (stats.isSymbolicLink()) return 'a link'
  if (stats.isDirectory() && expected === 'file') return 'a folder'
  if (stats.isFile() && expected === 'folder') return 'a file'
  if (!stats.isFile() && !stats.isDirectory()) return stats.isFIFO() ? 'a pipe' : 'not a regular file'
  return isOwn(stats) ? undefined : `another user's (${stats.uid})`
}

/** Whether the user whom this process runs as owns it; Windows has no such owners. */
export function isOwn({ uid }: Stats): boolean {
  return process.geteuid === undefined || uid === process.geteuid()
}

/** Whether modes of files mean anything. */
export const isPosix = process.platform !== 'win32'
