import { lstatSync, unlinkSync } from 'node:fs'
import { lstat, unlink, writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { TargetError } from '../../errors/transfer-errors.js'
import { readOwnFile } from '../own-file.js'

/** Held while a file is being written, so that two processes do not write the same one. */
export interface LockFile {
  release(): Promise<void>
}

/** How long a lock file may be empty: its creator writes its process id at once, unless it is killed at that moment. */
const emptyMs = 1000
const longestLock = 1024

/**
 * Takes `path` as a lock, replacing one left by a process that has ended.
 * @throws TargetError when a running process holds it; FileRefused for a link, a pipe, a folder, and a lock of another
 * user, whose processes cannot be checked
 */
export async function takeLock(path: string, target: string): Promise<LockFile> {
  const until = Date.now() + emptyMs
  for (let attempt = 0; attempt < 3;) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 })
      return { release: () => unlink(path).catch(ignoreMissing) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const seen = await lstat(path).catch(() => undefined)
    const text = (await readOwnFile(path, longestLock, { mayBeShared: true })) ?? ''
    if (text === '' && Date.now() < until) {
      await wait(10)
      continue
    }
    const holder = /^\d{1,10}$/.test(text) ? Number(text) : 0
    if (holder > 0 && isAlive(holder) && !(await isOfFormer(path, holder))) {
      throw new TargetError(`${target} is being downloaded by another process (${holder})`, {
        hint: `wait for it, or choose another file; if no such download runs, remove ${path}`,
      })
    }
    if (seen) removeUnchanged(path, seen)
    attempt += 1
  }
  throw new TargetError(`${target} is being downloaded by another process`, { hint: 'choose another file' })
}

/** Another process may have replaced the lock. Synchronous, so that nothing runs between the check and the removal. */
function removeUnchanged(path: string, seen: { readonly ino: number; readonly mtimeMs: number }): void {
  try {
    const { ino, mtimeMs } = lstatSync(path)
    if (ino === seen.ino && mtimeMs === seen.mtimeMs) unlinkSync(path)
  } catch (error) {
    ignoreMissing(error as NodeJS.ErrnoException)
  }
}

/** In a restarted container, this process may have the same id as the one that was killed. */
async function isOfFormer(path: string, holder: number): Promise<boolean> {
  if (holder !== process.pid) return false
  const made = await lstat(path).catch(() => undefined)
  return made !== undefined && made.mtimeMs < Date.now() - process.uptime() * 1000
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
