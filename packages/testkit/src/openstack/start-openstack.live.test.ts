import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, readdir, readFile, rm, symlink, stat, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { answersOk } from './answers.js'
import { cacheFolder } from './cache-folder.js'
import { isSameProcess, type ProcessIdentity } from './process-identity.js'
import { sweepRunFolders } from './run-folder.js'
import { startOpenStack } from './start-openstack.js'

let cacheDir: string

beforeEach(async () => {
  // Runs of its own, but the shared Python environment.
  cacheDir = await mkdtemp(path.join(tmpdir(), 'tyrax-launcher-'))
  await mkdir(path.join(cacheDir, 'openstack'))
  const shared = path.join(cacheFolder(), 'openstack')
  for (const name of await readdir(shared)) {
    if (/^venv-[0-9a-f]+$/.test(name)) await symlink(path.join(shared, name), path.join(cacheDir, 'openstack', name))
  }
})

afterEach(async () => {
  await sweepRunFolders(cacheDir)
  await rm(cacheDir, { recursive: true, force: true })
})

test('the shared cloud has a clouds.yaml that only its owner can read', async () => {
  const { cloudsYaml, clouds } = inject('openstack')
  expect((await stat(cloudsYaml)).mode & 0o777).toBe(0o600)
  const text = await readFile(cloudsYaml, 'utf8')
  for (const name of Object.keys(clouds)) expect(text).toContain(`  ${name}:\n`)
})

test('Glance can be stopped, killed and started again on its port, and close ends every process and removes the folder', async () => {
  const cloud = await startOpenStack({ cacheDir })
  const processes = await startedIn(cloud.logs)
  expect(processes.length).toBe(7)
  for (const end of [() => cloud.stopGlance(), () => cloud.killGlance()]) {
    await end()
    expect(await answersOk(`${cloud.imageUrl}/versions`)).toBe(false)
    await cloud.startGlance()
    expect(await answersOk(`${cloud.imageUrl}/versions`)).toBe(true)
  }
  await cloud.close()
  await cloud.close()
  expect(await Promise.all(processes.map(isSameProcess))).not.toContain(true)
  await expect(access(path.dirname(cloud.logs))).rejects.toThrow('ENOENT')
})

test('services whose launcher was killed are gone, and the next start removes what it left', async () => {
  const child = spawn(process.execPath, [path.resolve('packages/testkit/dist/openstack/run.js')], {
    env: { ...process.env, TYRAX_CACHE_DIR: cacheDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const { logs } = JSON.parse(line) as { logs: string }
  const processes = await startedIn(logs)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await sweepRunFolders(cacheDir)
  await expect.poll(() => Promise.all(processes.map(isSameProcess)), { timeout: 20_000 }).not.toContain(true)
  await expect(access(path.dirname(logs))).rejects.toThrow('ENOENT')
})

test('a half made Python environment is said to be so', async () => {
  const empty = await mkdtemp(path.join(tmpdir(), 'tyrax-launcher-'))
  const child = spawn(process.execPath, [path.resolve('packages/testkit/dist/openstack/run.js'), '--check'], {
    env: { ...process.env, TYRAX_CACHE_DIR: empty },
    stdio: 'ignore',
  })
  expect(await once(child, 'exit')).toEqual([1, null])
  await rm(empty, { recursive: true })
})

async function startedIn(logs: string): Promise<ProcessIdentity[]> {
  const pids = path.join(path.dirname(logs), 'pids')
  const files = await readdir(pids)
  return await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(path.join(pids, file), 'utf8')) as ProcessIdentity),
  )
}
