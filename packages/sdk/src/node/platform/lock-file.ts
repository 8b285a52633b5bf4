import { lstatSync, unlinkSync } from 'node:fs'
import { lstat, unlink, writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { TargetError } from '../../errors/transfer-errors.js'
import { readOwnFile } from '../own-file.js'

/** Held while a file is being written, so that two processes do not write the same one. */
export interface LockFile {
  release(): Promise<void>
}

/** Whoever made it writes its number into it in no time, unless it is killed just then. */
const emptyMs = 1000
const longestLock = 1024

/**
 * Takes `path` as a lock; one left by a process that is no more is taken over.
 * @throws TargetError when a living process holds it; FileRefused for a link, a pipe, a folder, and a lock of another
 * user, of whose processes nothing can be known
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

/** Another may have taken it over meanwhile. Nothing of this process comes between looking and removing. */
function removeUnchanged(path: string, seen: { readonly ino: number; readonly mtimeMs: number }): void {
  try {
    const { ino, mtimeMs } = lstatSync(path)
    if (ino === seen.ino && mtimeMs === seen.mtimeMs) unlinkSync(path)
  } catch (error) {
    ignoreMissing(error as NodeJS.ErrnoException)
  }
}

/** In a container that is started again, the next process has the number of the one that was killed. */
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
