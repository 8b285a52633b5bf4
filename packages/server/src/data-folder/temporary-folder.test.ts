import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startCloud } from '../index.js'
import { runCloud } from '../testing/run-cloud.js'
import { identifyThisProcess, parseIdentity, presenceOf } from './process-identity.js'

let parent: string
let before: string | undefined
beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'tyrax-temporary-'))
  before = process.env['TMPDIR']
  process.env['TMPDIR'] = parent
})
afterEach(async () => {
  if (before === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = before
  await rm(parent, { recursive: true, force: true })
})

/** Creates a folder as a cloud would leave it, with this owner. */
async function plant(name: string, owner: unknown): Promise<string> {
  const folder = path.join(parent, name)
  await mkdir(folder, { mode: 0o700 })
  if (owner !== undefined) await writeFile(path.join(folder, 'owner.json'), JSON.stringify(owner), { mode: 0o600 })
  await writeFile(path.join(folder, 'clouds.yaml'), 'a password')
  return folder
}

// Only Linux reports the start time of a process, which distinguishes a killed one from a later one with the same id.
const isLinux = process.platform === 'linux'

test.runIf(isLinux)(
  'what a killed cloud left is removed by the next one, and what a running one has is not',
  async () => {
    const killed = await runCloud(undefined)
    const running = await runCloud(undefined)
    try {
      await killed.kill()
      expect(await readdir(killed.folder)).toContain('owner.json')
      const cloud = await startCloud({ port: 0 })
      expect((await readdir(parent)).toSorted()).toEqual(
        [path.basename(running.folder), path.basename(cloud.folder)].toSorted(),
      )
      await cloud.close()
      expect(await readdir(parent)).toEqual([path.basename(running.folder)])
    } finally {
      await running.kill()
    }
  },
)

test.runIf(isLinux)('a folder is removed only where its owner is known to be gone', async () => {
  const here = identifyThisProcess()
  const gone = { ...here, started: '1' }
  await plant('tyrax-cloud-aaaaaa', gone)
  await plant('tyrax-cloud-bbbbbb', here)
  await plant('tyrax-cloud-cccccc', { ...gone, scope: 'another machine' })
  await plant('tyrax-cloud-dddddd', { pid: here.pid })
  await plant('tyrax-cloud-eeeeee', undefined)
  await plant('tyrax-cloud-toolong', gone)
  await plant('other-cloud-aaaaaa', gone)
  await chmod(await plant('tyrax-cloud-ffffff', gone), 0o777)
  await symlink(await plant('target', gone), path.join(parent, 'tyrax-cloud-gggggg'))
  await rm(path.join(await plant('tyrax-cloud-hhhhhh', undefined), 'owner.json'), { force: true })
  await symlink(path.join(parent, 'target', 'owner.json'), path.join(parent, 'tyrax-cloud-hhhhhh', 'owner.json'))
  const planted = await readdir(parent)
  const cloud = await startCloud({ port: 0 })
  await cloud.close()
  expect((await readdir(parent)).toSorted()).toEqual(planted.filter((name) => name !== 'tyrax-cloud-aaaaaa').toSorted())
  expect(await readFile(path.join(parent, 'target', 'clouds.yaml'), 'utf8')).toBe('a password')
})

test.runIf(isLinux)('a process is told from a later one with its number', () => {
  const here = identifyThisProcess()
  expect(presenceOf(here)).toBe('running')
  expect(presenceOf({ ...here, started: '1' })).toBe('gone')
  expect(presenceOf({ ...here, pid: 1 })).toBe('gone')
  expect(presenceOf({ ...here, pid: 2 ** 30 })).toBe('gone')
  expect(presenceOf({ ...here, scope: 'elsewhere' })).toBe('unknown')
  expect(presenceOf({ pid: here.pid, scope: here.scope })).toBe('unknown')
})

test.each([null, 7, 'text', {}, { pid: '1', scope: '' }, { pid: 1 }, { pid: -1, scope: '' }, { pid: 1.5, scope: '' }])(
  'what is no identity is none: %j',
  (value) => {
    expect(parseIdentity(value)).toBeUndefined()
  },
)
