import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFile,
  chmod,
  chown,
  copyFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DataFolderError, DataFolderInUse, startCloud, type DataFolderProblem } from '../index.js'
import { runCloud } from '../testing/run-cloud.js'
import { call, login } from '../testing/sign-in.js'

let root: string
let data: string
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'tyrax-data-'))
  data = path.join(root, 'data')
})
afterEach(() => rm(root, { recursive: true, force: true }))

const isRoot = process.getuid?.() === 0
const inData = (...names: string[]) => path.join(data, ...names)

/** Stores images and returns their ids. */
async function upload({ authUrl, imageUrl }: { authUrl: string; imageUrl: string }, ...texts: string[]) {
  const { token } = await login(authUrl, 'demo')
  const ids: string[] = []
  for (const name of texts) {
    const json = { name, disk_format: 'raw', container_format: 'bare' }
    const { id } = (await call('POST', `${imageUrl}/v2/images`, { token, json })).body as { id: string }
    expect((await call('PUT', `${imageUrl}/v2/images/${id}/file`, { token, data: name })).status).toBe(204)
    ids.push(id)
  }
  return ids
}

async function download({ authUrl, imageUrl }: { authUrl: string; imageUrl: string }, id: string): Promise<string> {
  const { token } = await login(authUrl, 'demo')
  return (await call('GET', `${imageUrl}/v2/images/${id}/file`, { token })).text
}

/** Fills a data folder with images; its cloud is closed again. */
async function fill(...texts: string[]): Promise<string[]> {
  await using cloud = await startCloud({ port: 0, data })
  return await upload(cloud, ...texts)
}

/** The paths of everything below a folder. `withFileTypes` keeps `readdir` from following links. */
async function listAll(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).toSorted()
}

/** The kind, bytes and time of the last change of everything below a folder. */
async function snapshot(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of await listAll(folder)) {
    const file = path.join(folder, name)
    const stats = await lstat(file)
    const bytes = stats.isFile()
      ? createHash('sha256')
          .update(await readFile(file))
          .digest('hex')
      : stats.isSymbolicLink()
        ? await readlink(file)
        : ''
    found[name] = [stats.mode, stats.isDirectory() ? '' : stats.mtimeMs, bytes].join(' ')
  }
  return found
}

async function expectRefused(problem: DataFolderProblem, message: string | RegExp, folder = data): Promise<void> {
  const before = await snapshot(folder)
  const error = await startCloud({ port: 0, data: folder }).then(
    (cloud) => cloud.close(),
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(DataFolderError)
  expect(error).toMatchObject({ problem, message: expect.stringMatching(message) })
  expect(await snapshot(folder)).toEqual(before)
}

const edit = (sql: string, file = inData('cloud.sqlite')) => {
  const db = new DatabaseSync(file)
  db.exec(sql)
  db.close()
}

const blobs = async () => (await listAll(inData('blobs'))).filter((name) => /[0-9a-f]{32}$/.test(name))

test.each<[string, () => Promise<unknown>]>([
  [
    'files of somebody, in folders named like ours',
    async () => {
      await mkdir(inData('tmp'))
      await writeFile(inData('tmp', 'precious.txt'), 'precious')
      await writeFile(inData('tmp', 'a'.repeat(32)), 'of our form')
      await mkdir(inData('blobs', 'aa'), { recursive: true })
      await writeFile(inData('blobs', 'aa', 'a'.repeat(32)), 'of our form')
    },
  ],
  ['a hidden file', () => writeFile(inData('.hidden'), '')],
  ['a link that leads nowhere', () => symlink('nowhere', inData('link'))],
  ['an empty folder', () => mkdir(inData('blobs'))],
  ['a cloud.sqlite of no length', () => writeFile(inData('cloud.sqlite'), '')],
  ['a cloud.sqlite that is text', () => writeFile(inData('cloud.sqlite'), 'SQLite'.repeat(1000))],
  ['a database of another program', async () => edit('CREATE TABLE notes (text)')],
  [
    'a database of another program with migrations',
    async () => edit("CREATE TABLE migrations (service, version); INSERT INTO migrations VALUES ('image', 1)"),
  ],
])('a folder that holds %s is refused and stays as it is', async (_what, make) => {
  await mkdir(data, { mode: 0o755 })
  await make()
  await expectRefused('foreign', /contains other files, and no tyrax-data\.json.*choose an empty folder/s)
  expect((await lstat(data)).mode & 0o777).toBe(0o755)
})

test.each<[string, DataFolderProblem, RegExp, () => Promise<unknown>]>([
  [
    'moved away',
    'database-missing',
    /cloud\.sqlite is missing.*backup/,
    () => rename(inData('cloud.sqlite'), `${data}.moved`),
  ],
  ['of no length', 'database-empty', /cloud\.sqlite is empty/, () => truncate(inData('cloud.sqlite'))],
  [
    'of a newer version',
    'database-newer',
    /version 99 of the tables of image/,
    async () => edit("INSERT INTO migrations VALUES ('image', 99)"),
  ],
  [
    'of a version with one more service',
    'database-newer',
    /tables of metadefs/,
    async () => edit("INSERT INTO migrations VALUES ('metadefs', 1)"),
  ],
  ['text', 'database-damaged', /not a database/, () => writeFile(inData('cloud.sqlite'), 'text '.repeat(2000))],
  ['cut off', 'database-damaged', /damaged/, () => truncate(inData('cloud.sqlite'), 20_000)],
  [
    'overwritten in its middle',
    'database-damaged',
    /damaged/,
    async () => {
      const bytes = await readFile(inData('cloud.sqlite'))
      await writeFile(inData('cloud.sqlite'), bytes.fill(0xa5, 4096, bytes.length - 4096))
    },
  ],
  ['without one of its tables', 'database-damaged', /has no images/, async () => edit('DROP TABLE images')],
  [
    'with tables that it does not know of',
    'database-damaged',
    /does not know of/,
    async () => edit("DELETE FROM migrations WHERE service = 'image'"),
  ],
  [
    'without any table',
    'database-damaged',
    /no tables of tyrax/,
    async () => {
      await rm(inData('cloud.sqlite'))
      edit('VACUUM')
      edit('CREATE TABLE a (b)')
    },
  ],
])('with a database that is %s, nothing is touched', async (_what, problem, message, damage) => {
  await fill('one', 'two', 'three')
  await damage()
  await expectRefused(problem, message)
  expect(await blobs()).toHaveLength(3)
})

test('a database that is older than the data next to it is refused, and only taken with `sweep`', async () => {
  const [first] = await fill('first')
  await copyFile(inData('cloud.sqlite'), `${data}.older`)
  await fill('second', 'third')
  await copyFile(`${data}.older`, inData('cloud.sqlite'))
  await expectRefused('database-older', /of run 1, the data is of run 2.*--sweep/)
  expect(await blobs()).toHaveLength(3)

  const swept = await startCloud({ port: 0, data, sweep: true })
  expect(swept.orphans.map(({ movedTo }) => movedTo)).toEqual([
    expect.stringMatching(/^orphans\/[\dTZ-]+\/[0-9a-f]{2}\/[0-9a-f]{32}$/),
    expect.stringMatching(/^orphans\/[\dTZ-]+\/[0-9a-f]{2}\/[0-9a-f]{32}$/),
  ])
  await swept.close()
  await using again = await startCloud({ port: 0, data })
  expect(again.orphans).toEqual([])
  expect(await download(again, first ?? '')).toBe('first')
})

test('what is in the log of a killed cloud counts, and a refusal leaves it there', async () => {
  await fill('first')
  const killed = await runCloud(data)
  await upload(killed, 'kept')
  await killed.kill()
  expect((await lstat(inData('cloud.sqlite-wal'))).size).toBeGreaterThan(0)
  const bytes = await readFile(inData('cloud.sqlite'))
  await writeFile(inData('cloud.sqlite'), Buffer.alloc(bytes.length, 0xa5))
  await expectRefused('database-damaged', /damaged/)
  await truncate(inData('cloud.sqlite'))
  await expectRefused('database-empty', /is empty/)
})

test('a folder of a version without marker is taken up, also from a killed cloud, and is marked', async () => {
  const [first] = await fill('first')
  await rm(inData('tyrax-data.json'))
  edit('PRAGMA user_version = 0')
  const killed = await runCloud(data)
  expect(await download(killed, first ?? '')).toBe('first')
  const [second] = await upload(killed, 'second')
  await killed.kill()
  await rm(inData('tyrax-data.json'))
  await using cloud = await startCloud({ port: 0, data })
  expect([await download(cloud, first ?? ''), await download(cloud, second ?? '')]).toEqual(['first', 'second'])
  expect(JSON.parse(await readFile(inData('tyrax-data.json'), 'utf8'))).toMatchObject({ format: 1, state: 'ready' })
})

test('a start that was killed before there was anything is begun anew', async () => {
  await fill()
  const ready = await readFile(inData('tyrax-data.json'), 'utf8')
  await rm(inData('cloud.sqlite'))
  await writeFile(inData('tyrax-data.json'), ready.replace('ready', 'new'))
  await (await startCloud({ port: 0, data })).close()
  await truncate(inData('cloud.sqlite'))
  await writeFile(inData('tyrax-data.json'), ready.replace('ready', 'new'))
  await using cloud = await startCloud({ port: 0, data })
  expect(await upload(cloud, 'x')).toHaveLength(1)
})

test.each<[string, RegExp, (marker: string) => Promise<unknown>]>([
  ['empty', /is damaged/, (marker) => truncate(marker)],
  ['cut off', /is damaged/, (marker) => truncate(marker, 20)],
  ['null', /is damaged/, (marker) => writeFile(marker, 'null')],
  ['of another program', /is damaged/, (marker) => writeFile(marker, '{"format":1}')],
  ['very long', /bytes long/, (marker) => appendFile(marker, ' '.repeat(100_000))],
  [
    'of a newer version',
    /has format 2, this version knows format 1/,
    (marker) => writeFile(marker, '{"tyrax":"data folder","format":2}'),
  ],
  [
    'a link',
    /is a link/,
    async (marker) => {
      await rename(marker, `${marker}.real`)
      await symlink(`${marker}.real`, marker)
    },
  ],
  [
    'a link that leads nowhere',
    /is a link/,
    async (marker) => {
      await rm(marker)
      await symlink('nowhere', marker)
    },
  ],
  [
    'a folder',
    /is a folder/,
    async (marker) => {
      await rm(marker)
      await mkdir(marker)
    },
  ],
])('a marker that is %s is refused', async (_what, message, change) => {
  await fill('one')
  await change(inData('tyrax-data.json'))
  await expectRefused('marker', message)
})

test.runIf(process.platform !== 'win32')('pipes at our names are refused, and never waited for', async () => {
  await fill('one')
  for (const name of ['tyrax-data.json', 'cloud.pid', 'running.json', 'clouds.yaml', 'cloud.sqlite', 'tmp']) {
    const file = inData(name)
    await rename(file, `${data}.kept`).catch(() => undefined)
    execFileSync('mkfifo', [file])
    await expect(startCloud({ port: 0, data })).rejects.toThrow(/a pipe/)
    await rm(file)
    await rename(`${data}.kept`, file).catch(() => undefined)
  }
  await (await startCloud({ port: 0, data })).close()
})

test.each(['cloud.pid', 'running.json', 'clouds.yaml', 'cloud.sqlite', 'cloud.sqlite-wal', 'tmp', 'blobs', 'orphans'])(
  'a link at %s is refused, and its target stays as it is',
  async (name) => {
    await fill('one')
    const target = path.join(root, 'target')
    await rename(inData(name), target).catch(() => writeFile(target, 'not ours'))
    await symlink(target, inData(name))
    const before = await snapshot(root)
    await expectRefused('names', `${name} in it is a link`)
    expect(await snapshot(root)).toEqual(before)
    await rm(inData(name))
    await symlink(path.join(root, 'nowhere'), inData(name))
    await expectRefused('names', `${name} in it is a link`)
    expect(await readdir(root)).not.toContain('nowhere')
  },
)

test('links, folders and files with other names inside stop no start, and stay', async () => {
  const [id] = await fill('one')
  const [blob = ''] = await blobs()
  await writeFile(path.join(root, 'outside'), 'outside')
  const strays = [inData('tmp', 'stray'), inData('blobs', 'stray'), inData('blobs', path.dirname(blob), 'stray')]
  for (const stray of strays) {
    await mkdir(path.join(stray, 'below'), { recursive: true })
    await writeFile(`${stray}.txt`, 'stray')
    await symlink(path.join(root, 'outside'), `${stray}.link`)
    await symlink(root, `${stray}.folder`)
  }
  await mkdir(inData('tmp', 'c'.repeat(32)))
  const shard = path.dirname(blob) === 'cc' ? 'dd' : 'cc'
  await symlink(root, inData('blobs', shard))
  const names = async () => (await listAll(data)).filter((name) => !name.startsWith('cloud.'))
  const before = await names()
  for (const sweep of [false, true]) {
    await using cloud = await startCloud({ port: 0, data, sweep })
    expect(cloud.orphans).toEqual([])
    expect(await download(cloud, id ?? '')).toBe('one')
  }
  expect(await names()).toEqual(before)
  expect(await readFile(path.join(root, 'outside'), 'utf8')).toBe('outside')
})

test('orphans stay where they are until they are swept, and can be put back', async () => {
  await fill('one')
  const orphan = `blobs/ab/${'ab'.repeat(16)}`
  await mkdir(inData('blobs', 'ab'), { recursive: true })
  await writeFile(inData(orphan), 'orphan')
  const seen = await startCloud({ port: 0, data })
  expect(seen.orphans).toEqual([{ file: orphan, sizeBytes: 6 }])
  await seen.close()
  expect(await readFile(inData(orphan), 'utf8')).toBe('orphan')
  const swept = await startCloud({ port: 0, data, sweep: true })
  await swept.close()
  const [{ movedTo = '' } = {}] = swept.orphans
  expect(await readFile(inData(movedTo), 'utf8')).toBe('orphan')
  expect(await blobs()).toHaveLength(1)
  await rename(inData(movedTo), inData(orphan))
  await using again = await startCloud({ port: 0, data })
  expect(again.orphans).toHaveLength(1)
})

test.runIf(process.platform !== 'win32')('whatever the modes were, others can read nothing', async () => {
  await mkdir(data, { mode: 0o777 })
  await chmod(data, 0o777)
  const umask = process.umask(0)
  try {
    await fill('one')
    for (const mode of [0o777, 0o755]) {
      for (const name of await listAll(data)) {
        await chmod(inData(name), (await lstat(inData(name))).isDirectory() ? mode : mode & 0o666)
      }
      await writeFile(inData('running.json'), '{}', { mode: 0o644 })
      await chmod(data, mode)
      const cloud = await startCloud({ port: 0, data })
      await upload(cloud, 'another')
      const open: string[] = []
      for (const name of ['', ...(await listAll(data))]) {
        if (((await lstat(inData(name))).mode & 0o077) !== 0) open.push(name)
      }
      expect(open).toEqual([])
      expect(await readdir(data)).toContain('cloud.sqlite-wal')
      await cloud.close()
    }
  } finally {
    process.umask(umask)
  }
})

test('places that are no folder of the user are refused before anything is made', async () => {
  await writeFile(path.join(root, 'file'), 'x')
  await symlink(path.join(root, 'nowhere'), path.join(root, 'dangling'))
  const refused = async (place: string, message: RegExp) => {
    await expect(startCloud({ port: 0, data: place })).rejects.toThrow(message)
  }
  await refused(path.join(root, 'file'), /not a folder/)
  await refused(path.join(root, 'file', 'below'), /cannot be made or entered/)
  await refused(path.join(root, 'dangling'), /cannot be made or entered/)
  await refused('/proc/none', /cannot be made or entered/)
  await refused('/', /root of the file system.*inside it/)
  await refused(homedir(), /home folder.*inside it/)
  if (isRoot) {
    await mkdir(path.join(root, 'theirs'))
    await chown(path.join(root, 'theirs'), 65_534, 65_534)
    await refused(path.join(root, 'theirs'), /belongs to another user \(65534\)/)
  }
  expect((await readdir(root)).toSorted()).toEqual(isRoot ? ['dangling', 'file', 'theirs'] : ['dangling', 'file'])
})

test.runIf(isRoot)("another user's database, marker or folder is refused", async () => {
  await fill('one')
  for (const name of ['cloud.sqlite', 'tyrax-data.json', 'blobs']) {
    await chown(inData(name), 65_534, 65_534)
    await expect(startCloud({ port: 0, data })).rejects.toThrow("another user's (65534)")
    await chown(inData(name), 0, 0)
  }
})

test('a link to a data folder is that folder', async () => {
  const [id] = await fill('one')
  await symlink(data, path.join(root, 'link'))
  await using cloud = await startCloud({ port: 0, data: path.join(root, 'link') })
  expect(await download(cloud, id ?? '')).toBe('one')
  await expect(startCloud({ port: 0, data })).rejects.toThrow(DataFolderInUse)
})

test('a new file system, with lost+found, is an empty folder, and so is what a killed first command left', async () => {
  await mkdir(inData('lost+found'), { recursive: true })
  await writeFile(inData('running.json'), '{"pid":1}')
  await writeFile(inData('running.json.123.0123abcd'), '{"pid":123}')
  await writeFile(inData('tyrax-data.json.123.0123abcd'), '{')
  await (await startCloud({ port: 0, data })).close()
  expect(await readdir(data)).toEqual(expect.arrayContaining(['cloud.sqlite', 'lost+found', 'tyrax-data.json']))
})

test('what is written of a process that is another one by now keeps no cloud from starting', async () => {
  await fill('one')
  await writeFile(inData('cloud.pid'), '1\n')
  await writeFile(inData('running.json'), JSON.stringify({ pid: 1, authUrl: 'http://127.0.0.1:1' }))
  await using cloud = await startCloud({ port: 0, data })
  expect(cloud.orphans).toEqual([])
})

test.each(['new', 'left by a killed cloud'])(
  'of eight that start at once on a folder that is %s, one runs',
  async (what) => {
    if (what !== 'new') {
      const killed = await runCloud(data)
      await upload(killed, 'one')
      await killed.kill()
    }
    const started = await Promise.allSettled(Array.from({ length: 8 }, () => runCloud(data)))
    const running = started.filter((each) => each.status === 'fulfilled')
    const refused = started.filter((each) => each.status === 'rejected')
    for (const { value } of running) await value.kill()
    expect(running).toHaveLength(1)
    for (const { reason } of refused) expect(String(reason)).toContain('DataFolderInUse')
  },
)

test('a second start does not take the lock from the first', async () => {
  await using first = await startCloud({ port: 0, data })
  await upload(first, 'one')
  await expect(startCloud({ port: 0, data })).rejects.toThrow(DataFolderInUse)
  await expect(runCloud(data)).rejects.toThrow('DataFolderInUse')
})
