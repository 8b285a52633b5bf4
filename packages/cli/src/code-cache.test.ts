import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, chmod, chown, lstat, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { homeEnv, makeHome } from './testing/home.js'

const bin = fileURLToPath(new URL('../bin/tyrax.js', import.meta.url))
const bundle = fileURLToPath(new URL('../dist/tyrax.cjs', import.meta.url))
const isRoot = process.geteuid?.() === 0
/** A command that runs on tyrax.cjs alone, and what it prints first. */
const empty = ['list', '--limit', '0', '-c', 'id']
const heading = '+----+'

beforeAll(async () => {
  await access(bundle).catch((cause: unknown) => {
    throw new Error('the bundle is not there: npm run build makes it', { cause })
  })
})

async function finish(home: string, command: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(command, args, {
    timeout: 100_000,
    cwd: home,
    env: { PATH: process.env['PATH'], ...homeEnv(home), ...env },
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { code, signal, firstLine: text.split('\n')[0] }
}

const tyrax = (home: string, env?: Record<string, string>) => finish(home, process.execPath, [bin, ...empty], env)
const works = { code: 0, signal: null, firstLine: heading }
const folderIn = (home: string) => path.join(home, '.cache', 'tyrax', 'code')

async function homeWithCode(): Promise<{ home: string; folder: string; file: string; bytes: Buffer }> {
  const home = await makeHome()
  expect(await tyrax(home)).toEqual(works)
  const folder = folderIn(home)
  const names = await readdir(folder)
  expect(names).toEqual([expect.stringMatching(/^v\d+.*\.v8$/)])
  const file = path.join(folder, names[0] ?? '')
  return { home, folder, file, bytes: await readFile(file) }
}

/** Compiled code of a different program for the command line, stored where the cache's `write` stores it. */
const prepare = `
const fs = require('node:fs'), path = require('node:path'), vm = require('node:vm')
const [bundle, cacheModule] = process.argv.slice(1)
const start = '(function () {console.log("prepared code runs");'
const { size } = fs.statSync(bundle)
const script = new vm.Script(start + ' '.repeat(size - start.length - 2) + '})', { filename: bundle })
script.runInThisContext()
require(cacheModule)('tyrax', fs.statSync(bundle)).write(script.createCachedData())
`

async function homeWithPreparedCode(): Promise<{ home: string; folder: string; file: string }> {
  const home = await makeHome()
  const cacheModule = fileURLToPath(new URL('../bin/code-cache.cjs', import.meta.url))
  expect(await finish(home, process.execPath, ['-e', prepare, bundle, cacheModule])).toMatchObject({ code: 0 })
  expect(await tyrax(home)).toMatchObject({ firstLine: 'prepared code runs' })
  const folder = folderIn(home)
  const [name = ''] = await readdir(folder)
  return { home, folder, file: path.join(folder, name) }
}

test('compiled code is kept for the owner alone, and taken by the next command', async () => {
  const { home, folder, file } = await homeWithCode()
  expect(await lstat(file)).toMatchObject({ mode: 0o100600 })
  expect((await lstat(folder)).mode & 0o777).toBe(0o700)
  const { ino } = await lstat(file)
  expect(await tyrax(home)).toEqual(works)
  expect((await lstat(file)).ino).toBe(ino)
})

test.each<[what: string, change: (bytes: Buffer) => Buffer]>([
  ['is empty', () => Buffer.alloc(0)],
  ['has lost its last byte', (bytes) => bytes.subarray(0, -1)],
  ['has lost its second half', (bytes) => bytes.subarray(0, bytes.byteLength / 2)],
  ['is shorter than its head', (bytes) => bytes.subarray(0, 20)],
  ['has a byte more', (bytes) => Buffer.concat([bytes, Buffer.from([0])])],
  ['has a second half of zeros', (bytes) => bytes.fill(0, Math.floor(bytes.byteLength / 2))],
  ['is all zeros', (bytes) => bytes.fill(0)],
  ['is of another version', (bytes) => bytes.fill('3', 6, 7)],
  ...[33, 64, 4000, 50_001, 200_003].map((at): [string, (bytes: Buffer) => Buffer] => [
    `has another bit in byte ${at}`,
    (bytes) => bytes.fill((bytes[at] ?? 0) ^ 4, at, at + 1),
  ]),
])('compiled code that %s is compiled again', async (_what, change) => {
  const { home, file, bytes } = await homeWithCode()
  await writeFile(file, change(Buffer.from(bytes)))
  expect(await tyrax(home)).toEqual(works)
  const { ino, size } = await lstat(file)
  expect(size).toBeGreaterThan(100_000)
  expect(await tyrax(home)).toEqual(works)
  expect((await lstat(file)).ino).toBe(ino)
})

test.each<[what: string, make: (file: string) => Promise<unknown>]>([
  ['a link to it', async (file) => (await rename(file, `${file}.real`), symlink(`${file}.real`, file))],
  ['one that others can write', (file) => chmod(file, 0o622)],
  ['one of a group that can write it', (file) => chmod(file, 0o620)],
])('code that someone else could have prepared is not run: %s', async (_what, make) => {
  const { home, file } = await homeWithPreparedCode()
  await make(file)
  expect(await tyrax(home)).toEqual(works)
  expect(await tyrax(home)).toEqual(works)
})

test.runIf(isRoot)(
  'code that another user has prepared is not run, in a folder of that user or in an own one',
  async () => {
    const { home, file, folder } = await homeWithPreparedCode()
    for (const at of [file, folder, path.dirname(folder), path.join(home, '.cache')]) {
      await chown(at, 65_534, 65_534)
      expect(await tyrax(home)).toEqual(works)
    }
    expect((await lstat(folder)).uid).toBe(65_534)
  },
)

test('in a folder that others can write, no code is run, and it is closed to them', async () => {
  const { home, folder } = await homeWithPreparedCode()
  await chmod(folder, 0o777)
  expect(await tyrax(home)).toEqual(works)
  expect((await lstat(folder)).mode & 0o777).toBe(0o700)
})

test('the folder being a link, nothing behind it is run or removed', async () => {
  const { home, folder } = await homeWithPreparedCode()
  await rename(folder, path.join(home, 'elsewhere'))
  await symlink(path.join(home, 'elsewhere'), folder)
  const before = await readdir(path.join(home, 'elsewhere'))
  expect(await tyrax(home)).toEqual(works)
  expect(await readdir(path.join(home, 'elsewhere'))).toEqual(before)
})

test('of what lies in the folder, only compiled code is removed', async () => {
  const { home, folder, file } = await homeWithCode()
  const kept = ['notes.txt', 'v8', 'x.v8', 'vital.v8.txt']
  for (const name of kept) await writeFile(path.join(folder, name), 'precious')
  await mkdir(path.join(folder, 'v20.0.0-a-folder.v8'))
  await writeFile(path.join(folder, 'v20.0.0-1-1.v8'), 'old')
  await writeFile(path.join(folder, 'v20.0.0-1-1.v8.4711'), 'half of an old one')
  await rm(file)
  expect(await tyrax(home)).toEqual(works)
  const names = await readdir(folder)
  expect(names.toSorted()).toEqual([...kept, 'v20.0.0-a-folder.v8', path.basename(file)].toSorted())
})

test.each<[what: string, make: (home: string) => Promise<unknown>]>([
  ['a file where the folder of caches goes', (home) => writeFile(path.join(home, '.cache'), '')],
  [
    'a file where its folder goes',
    async (home) => (await mkdir(path.join(home, '.cache')), writeFile(path.join(home, '.cache', 'tyrax'), '')),
  ],
  [
    'a link to nothing where its folder goes',
    async (home) => (await mkdir(path.join(home, '.cache')), symlink('nowhere', path.join(home, '.cache', 'tyrax'))),
  ],
  [
    'a pipe where the code goes',
    async (home) => {
      expect(await tyrax(home)).toEqual(works)
      const [name = ''] = await readdir(folderIn(home))
      await rm(path.join(folderIn(home), name))
      execFileSync('mkfifo', [path.join(folderIn(home), name)])
    },
  ],
  [
    'a folder where the code goes',
    async (home) => {
      expect(await tyrax(home)).toEqual(works)
      const [name = ''] = await readdir(folderIn(home))
      await rm(path.join(folderIn(home), name))
      await mkdir(path.join(folderIn(home), name))
    },
  ],
  ['a home that cannot be written', (home) => chmod(home, 0o500)],
])('the command runs without a word with %s', async (_what, make) => {
  const home = await makeHome()
  await make(home)
  expect(await tyrax(home)).toEqual(works)
  expect(await tyrax(home)).toEqual(works)
})

test.each<[what: string, env: Record<string, string>]>([
  ['HOME is /proc', { HOME: '/proc', XDG_CACHE_HOME: '' }],
  ['HOME is a device', { HOME: '/dev/null', XDG_CACHE_HOME: '' }],
  ['HOME is not there', { HOME: '/nowhere/at/all', XDG_CACHE_HOME: '' }],
  ['HOME is relative', { HOME: 'here', XDG_CACHE_HOME: '' }],
  ['XDG_CACHE_HOME is /proc/self', { XDG_CACHE_HOME: '/proc/self' }],
  ['XDG_CACHE_HOME is a file', { XDG_CACHE_HOME: bin }],
])('the command runs without a word where %s', async (_what, env) => {
  const home = await makeHome()
  // Root could create that folder, so a file takes the place of its parent.
  if (isRoot && env['HOME'] === '/nowhere/at/all') env = { ...env, HOME: path.join(home, 'file', 'none') }
  await writeFile(path.join(home, 'file'), '')
  expect(await tyrax(home, env)).toEqual(works)
})

test('a relative XDG_CACHE_HOME is none', async () => {
  const home = await makeHome()
  expect(await tyrax(home, { XDG_CACHE_HOME: 'relative' })).toEqual(works)
  expect(await readdir(home)).toEqual(['.cache'])
})

test('where the shell limits the size of files, the command runs and leaves no half of one', async () => {
  const home = await makeHome()
  const line = `ulimit -f 8; exec "${process.execPath}" "${bin}" ${empty.join(' ')}`
  expect(await finish(home, 'sh', ['-c', line])).toEqual(works)
  expect(await readdir(folderIn(home))).toEqual([])
})

test.runIf(isRoot)('in the home of another user, nothing is left', async () => {
  const home = await makeHome()
  await chown(home, 65_534, 65_534)
  expect(await tyrax(home)).toEqual(works)
  expect(await readdir(home)).toEqual([])
})
