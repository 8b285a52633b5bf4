import { readFileSync, rmSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LaunchError } from './launch-error.js'
import { identify, isSameProcess, type ProcessIdentity } from './process-identity.js'

/** Runs `work` while no other process holds `file`. Takes over a lock whose owner has ended. */
export async function withLock<T>(file: string, limitSeconds: number, work: () => Promise<T>): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true })
  const me = await identify(process.pid)
  const deadline = Date.now() + limitSeconds * 1000
  while (!(await take(file, JSON.stringify(me)))) {
    const holder = await readHolder(file)
    if (holder !== 'unreadable' && !(await isSameProcess(holder))) removeOf(holder, file)
    else if (Date.now() > deadline)
      throw new LaunchError(`${file} has been held for ${limitSeconds} s. Remove it if nothing is using it.`)
    else await sleep(200)
  }
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
  }
}

async function take(file: string, content: string): Promise<boolean> {
  try {
    await writeFile(file, content, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * Another process may have taken it over in the meantime. Nothing else runs in this process between the check and the
 * removal.
 */
function removeOf(holder: ProcessIdentity, file: string): void {
  try {
    if (readFileSync(file, 'utf8') === JSON.stringify(holder)) rmSync(file, { force: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/** `unreadable` while its owner has created it but not yet filled it. */
async function readHolder(file: string): Promise<ProcessIdentity | 'unreadable'> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ProcessIdentity
  } catch {
    return 'unreadable'
  }
}
