import { randomBytes } from 'node:crypto'
import { link, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { ownFolder, readOwnFile } from '@tyrax/sdk/internal'
import { writePrivateFile } from '../private-file.js'

/** Who runs the embedded cloud of a folder, and where. */
export interface RunningCloud {
  readonly pid: number
  /** Undefined while it starts. */
  readonly authUrl: string | undefined
}

const ownerFile = (folder: string) => path.join(folder, 'running.json')
const guestsFolder = (folder: string) => path.join(folder, 'guests')

/**
 * Becomes the one process that runs the cloud of this folder: two of them would sweep away each other's uploads.
 * @returns undefined when it is ours, else the one that runs it
 */
export async function claim(folder: string): Promise<RunningCloud | undefined> {
  const mine = `${ownerFile(folder)}.${process.pid}.${randomBytes(4).toString('hex')}`
  await writePrivateFile(mine, JSON.stringify({ pid: process.pid }))
  try {
    for (;;) {
      // A link appears whole, so that nobody reads half a claim.
      if (await linked(mine, ownerFile(folder))) return undefined
      const running = await readOwner(folder)
      if (running && isAlive(running.pid)) return running
      await rm(ownerFile(folder), { force: true })
    }
  } finally {
    await rm(mine, { force: true })
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Tells the others where it listens. */
export async function announce(folder: string, authUrl: string): Promise<void> {
  await writePrivateFile(ownerFile(folder), JSON.stringify({ pid: process.pid, authUrl }))
}

export async function release(folder: string): Promise<void> {
  await rm(ownerFile(folder), { force: true })
}

/** Says that this command uses the other's cloud, until the returned function is called. */
export async function enter(folder: string): Promise<() => Promise<void>> {
  const file = path.join(guestsFolder(folder), `${process.pid}-${randomBytes(4).toString('hex')}`)
  await ownFolder(guestsFolder(folder))
  await writePrivateFile(file, '')
  return () => rm(file, { force: true })
}

/** Whether other commands still use the cloud that this one runs. */
export async function hasGuests(folder: string): Promise<boolean> {
  const names = await readdir(guestsFolder(folder)).catch(() => [])
  return names.some((name) => /^[1-9]\d*-/.test(name) && isAlive(Number.parseInt(name, 10)))
}

/** More than any record of a running cloud has. */
const longestRecord = 64 * 1024

/**
 * The process that runs the cloud, as far as the file says; an unfinished file is none.
 * @throws FileRefused when the file is a link, a pipe or another user's: it could name any cloud
 */
export async function readOwner(folder: string): Promise<RunningCloud | undefined> {
  const text = await readOwnFile(ownerFile(folder), longestRecord)
  try {
    const { pid, authUrl } = JSON.parse(text ?? '') as { pid?: unknown; authUrl?: unknown }
    // 0 and what is negative are groups of processes for kill(2).
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return undefined
    return { pid, authUrl: typeof authUrl === 'string' && URL.canParse(authUrl) ? authUrl : undefined }
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
