import { readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { TargetError } from '../../errors/transfer-errors.js'

/** Held while a file is being written, so that two processes do not write the same one. */
export interface LockFile {
  release(): Promise<void>
}

/**
 * Takes `path` as a lock; one left by a process that is no more is taken over.
 * @throws TargetError when a living process holds it
 */
export async function takeLock(path: string, target: string): Promise<LockFile> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx' })
      return { release: () => unlink(path).catch(ignoreMissing) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const text = await readFile(path, 'utf8').catch(() => '')
    // Made just now by a process that has yet to write its number into it.
    if (text === '' && (await isNew(path))) break
    const holder = Number(text)
    if (Number.isInteger(holder) && holder > 0 && isAlive(holder) && !(await isOfFormer(path, holder))) {
      throw new TargetError(`${target} is being downloaded by another process (${holder})`, {
        hint: `wait for it, or choose another file; if no such download runs, remove ${path}`,
      })
    }
    await unlink(path).catch(ignoreMissing)
  }
  throw new TargetError(`${target} is being downloaded by another process`, { hint: 'choose another file' })
}

const newMs = 5000

async function isNew(path: string): Promise<boolean> {
  const made = await stat(path).catch(() => undefined)
  return made !== undefined && Date.now() - made.mtimeMs < newMs
}

/** In a container that is started again, the next process has the number of the one that was killed. */
async function isOfFormer(path: string, holder: number): Promise<boolean> {
  if (holder !== process.pid) return false
  const made = await stat(path).catch(() => undefined)
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
