import { rm, stat } from 'node:fs/promises'
import { openNew, readOwnFile } from '@tyrax/sdk/internal'
import { identifyThisProcess, parseIdentity, presenceOf } from '@tyrax/server/process-identity'
import { parseJson } from './record.js'

/** Where it is not known whether the command that holds the lock still runs, it counts for this long. */
const doubtfulMs = 30_000

/**
 * Lets one of several commands start the background process, so that not all of them do. It only saves work: the lock of
 * the database decides who has the folder.
 * @returns how to release it; undefined while another command holds it
 */
export async function takeStartLock(folder: string): Promise<(() => Promise<void>) | undefined> {
  const file = `${folder}.starting`
  const release = () => rm(file, { force: true })
  try {
    const lock = await openNew(file, 0o600)
    try {
      await lock.writeFile(JSON.stringify(identifyThisProcess()))
    } finally {
      await lock.close()
    }
    return release
  } catch (error) {
    // The process itself reports what is wrong with the place.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return async () => undefined
  }
  if (await isHeld(file)) return undefined
  await release()
  return takeStartLock(folder)
}

async function isHeld(file: string): Promise<boolean> {
  const text = await readOwnFile(file, 4096).catch(() => undefined)
  const holder = parseIdentity(parseJson(text))
  const presence = holder === undefined ? 'unknown' : presenceOf(holder)
  if (presence !== 'unknown') return presence === 'running'
  const written = await stat(file).catch(() => undefined)
  return written !== undefined && Date.now() - written.mtimeMs < doubtfulMs
}
