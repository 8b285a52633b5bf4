import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { withLock } from './lock-file.js'
import { identify, isSameProcess, type ProcessIdentity } from './process-identity.js'
import { makeRunFolder, sweepRunFolders } from './run-folder.js'

// The launcher runs on Linux only.
describe.runIf(process.platform === 'linux')('the launcher', () => {
  let folder: string
  const children: ChildProcess[] = []

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tyrax-owners-'))
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await rm(folder, { recursive: true })
  })

  async function startChild(): Promise<{ child: ChildProcess; identity: ProcessIdentity }> {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })
    children.push(child)
    await once(child, 'spawn')
    const identity = await identify(child.pid ?? 0)
    if (!identity) throw new Error('the child is not there')
    return { child, identity }
  }

  /** Creates what a killed launcher leaves behind. */
  async function abandonedRun(name: string, recorded: ProcessIdentity): Promise<string> {
    const run = path.join(folder, 'openstack', 'runs', name)
    await mkdir(path.join(run, 'pids'), { recursive: true })
    await writeFile(path.join(run, 'owner.json'), JSON.stringify({ pid: process.pid, started: '1' }))
    await writeFile(path.join(run, 'pids', 'service.json'), JSON.stringify(recorded))
    return run
  }

  test('knows a process by its id and its start', async () => {
    const { child, identity } = await startChild()
    expect(await isSameProcess(identity)).toBe(true)
    expect(await isSameProcess({ ...identity, started: '1' })).toBe(false)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await isSameProcess(identity)).toBe(false)
  })

  test('ends what a killed launcher left running, and removes its folder', async () => {
    const { child, identity } = await startChild()
    const run = await abandonedRun('left', identity)
    const ended = once(child, 'exit')
    await sweepRunFolders(folder)
    await ended
    await expect(access(run)).rejects.toThrow('ENOENT')
  })

  test('leaves a process alone that only has the id of one it started', async () => {
    const { identity } = await startChild()
    await abandonedRun('reused', { ...identity, started: '1' })
    await sweepRunFolders(folder)
    expect(await isSameProcess(identity)).toBe(true)
  })

  test('leaves the run of a living launcher alone', async () => {
    const run = await makeRunFolder(folder)
    const { identity } = await startChild()
    await writeFile(path.join(run.pids, 'service.json'), JSON.stringify(identity))
    await sweepRunFolders(folder)
    expect(await isSameProcess(identity)).toBe(true)
    await access(run.path)
    await run.remove()
  })

  test('lets one at a time do what a lock guards, and takes over the lock of a process that is gone', async () => {
    const file = path.join(folder, 'lock')
    await writeFile(file, JSON.stringify({ pid: process.pid, started: '1' }))
    let inside = 0
    const widths = await Promise.all(
      [1, 2, 3].map(() =>
        withLock(file, 30, async () => {
          inside += 1
          const seen = inside
          await new Promise((resolve) => setImmediate(resolve))
          inside -= 1
          return seen
        }),
      ),
    )
    expect(widths).toEqual([1, 1, 1])
    await expect(access(file)).rejects.toThrow('ENOENT')
  })
})
