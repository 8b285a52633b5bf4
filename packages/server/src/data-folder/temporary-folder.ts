import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readOwnFile, strangeness, writeNewFile } from './own-file.js'
import { identifyThisProcess, parseIdentity, presenceOf } from './process-identity.js'

const prefix = 'tyrax-cloud-'
/** `mkdtemp` appends six characters. */
const ownName = /^tyrax-cloud-[A-Za-z0-9]{6}$/
const ownerName = 'owner.json'

/** Makes the folder of a cloud without a data folder, and removes those that this user's killed clouds left. */
export async function makeTemporaryFolder(): Promise<string> {
  const parent = tmpdir()
  for (const name of await readdir(parent).catch(() => [])) {
    if (ownName.test(name)) await removeAbandoned(path.join(parent, name)).catch(() => undefined)
  }
  const folder = await mkdtemp(path.join(parent, prefix))
  await writeNewFile(path.join(folder, ownerName), `${JSON.stringify(identifyThisProcess())}\n`)
  return folder
}

/** Removes only folders whose recorded owner is known to be gone: another machine may share the parent folder. */
async function removeAbandoned(folder: string): Promise<void> {
  const stats = await lstat(folder)
  if (strangeness(stats, 'folder') !== undefined || (stats.mode & 0o022) !== 0) return
  const owner = parseIdentity(JSON.parse((await readOwnFile(path.join(folder, ownerName))) ?? 'null'))
  if (owner !== undefined && presenceOf(owner) === 'gone') await rm(folder, { recursive: true, force: true })
}
