import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { identify, isSameProcess, type ProcessIdentity } from './process-identity.js'
import { signalGroup } from './process-group.js'

/** Everything that one running cloud keeps on disk, readable only by its owner. */
export interface RunFolder {
  readonly path: string
  readonly logs: string
  readonly pids: string
  /** Services that were started and have not been stopped. */
  readonly services: Set<{ stop(): Promise<void> }>
  remove(): Promise<void>
}

export async function makeRunFolder(cache: string): Promise<RunFolder> {
  const runs = path.join(cache, 'openstack', 'runs')
  const folder = path.join(runs, `${process.pid}-${randomBytes(4).toString('hex')}`)
  const run: RunFolder = {
    path: folder,
    logs: path.join(folder, 'logs'),
    pids: path.join(folder, 'pids'),
    services: new Set(),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  }
  await mkdir(runs, { recursive: true })
  await mkdir(folder, { mode: 0o700 })
  await writeFile(path.join(folder, 'owner.json'), JSON.stringify(await identify(process.pid)))
  await mkdir(run.logs)
  await mkdir(run.pids)
  return run
}

/**
 * Ends processes that a dead owner left running, and removes its folders. A process is ended only if its id and start
 * time show that it is the one that was started.
 */
export async function sweepRunFolders(cache: string): Promise<void> {
  const runs = path.join(cache, 'openstack', 'runs')
  for (const name of await readdir(runs).catch(() => [])) {
    const folder = path.join(runs, name)
    const owner = await readIdentity(path.join(folder, 'owner.json'))
    // No owner yet: another process is creating it right now, or died while doing so and started nothing.
    if (!owner || (await isSameProcess(owner))) continue
    const pids = path.join(folder, 'pids')
    for (const file of await readdir(pids).catch(() => [])) {
      const left = await readIdentity(path.join(pids, file))
      if (left && (await isSameProcess(left))) await endGroup(left.pid)
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

async function endGroup(pid: number): Promise<void> {
  signalGroup(pid, 'SIGTERM')
  for (let waited = 0; waited < 3000 && signalGroup(pid, 0); waited += 50) await sleep(50)
  signalGroup(pid, 'SIGKILL')
}

async function readIdentity(file: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ProcessIdentity
  } catch {
    return undefined
  }
}
