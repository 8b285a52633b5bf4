import { execFileSync } from 'node:child_process'
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FileRefused } from './guarded-file.js'
import { readNamedFile } from './named-file.js'
import { openOwnFile, ownFolder, readOwnFile, writeOwnFile } from './own-file.js'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tyrax-steering-'))
  path = join(folder, 'file.json')
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

const isRoot = process.geteuid?.() === 0
const nobody = 65_534

const odd: readonly [what: string, reason: RegExp, make: (at: string) => unknown][] = [
  ['a link to a file', /is a link/, (at) => symlink(join(folder, 'other'), at)],
  ['a link to nothing', /is a link/, (at) => symlink(join(folder, 'none'), at)],
  ['a folder', /is a folder/, (at) => mkdir(at)],
  ['a named pipe', /is a named pipe/, (at) => execFileSync('mkfifo', [at])],
  ['a link to a device', /is a link/, (at) => symlink('/dev/zero', at)],
  [
    'a file that others can write',
    /can be written by other users/,
    async (at) => (await writeFile(at, 'theirs'), chmod(at, 0o666)),
  ],
]

test.each(odd)('%s at the name of an own file is neither read nor changed', async (_what, reason, make) => {
  await writeFile(join(folder, 'other'), 'precious')
  await make(path)
  const refused = { name: 'FileRefused', path, reason: expect.stringMatching(reason), hint: `remove ${path}` }
  await expect(readOwnFile(path, 100)).rejects.toMatchObject(refused)
  await expect(openOwnFile(path)).rejects.toMatchObject(refused)
  expect(await readFile(join(folder, 'other'), 'utf8')).toBe('precious')
  expect((await readdir(folder)).toSorted()).toEqual(['file.json', 'other'])
})

test.runIf(isRoot)('a file of another user is not taken for an own one, whatever its mode', async () => {
  for (const mode of [0o600, 0o644, 0o666]) {
    await writeFile(path, 'theirs')
    await chown(path, nobody, nobody)
    await chmod(path, mode)
    await expect(readOwnFile(path, 100)).rejects.toMatchObject({ reason: 'belongs to another user (uid 65534)' })
  }
})

test.runIf(process.geteuid)("root's file is not taken for an own one", async () => {
  // For this one read, root temporarily drops its privileges.
  if (isRoot) process.seteuid?.(nobody)
  try {
    await expect(readOwnFile('/etc/hostname', 10_000)).rejects.toMatchObject({
      reason: 'belongs to another user (uid 0)',
    })
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
})

test('an own file is read, and what is not there is undefined', async () => {
  expect(await readOwnFile(path, 100)).toBeUndefined()
  await writeOwnFile(path, 'ours')
  expect(await readOwnFile(path, 100)).toBe('ours')
  expect((await lstat(path)).mode & 0o777).toBe(0o600)
  const file = await openOwnFile(path)
  await file?.write('OU', 0)
  await file?.close()
  expect(await readOwnFile(path, 100)).toBe('OUrs')
  await expect(readOwnFile(path, 3)).rejects.toThrow(/more than 3 bytes/)
})

test.each(odd.filter(([what]) => what !== 'a folder'))(
  '%s is replaced by an own file, not written through',
  async (...each) => {
    const [, , make] = each
    await writeFile(join(folder, 'other'), 'precious')
    await make(path)
    await writeOwnFile(path, 'ours')
    expect(await readFile(join(folder, 'other'), 'utf8')).toBe('precious')
    expect(await readOwnFile(path, 100)).toBe('ours')
    expect((await readdir(folder)).toSorted()).toEqual(['file.json', 'other'])
  },
)

test('what cannot be written leaves nothing', async () => {
  await mkdir(path)
  await expect(writeOwnFile(path, 'ours')).rejects.toMatchObject({ code: 'EISDIR' })
  expect(await readdir(folder)).toEqual(['file.json'])
})

test('an own folder is for its owner alone, whatever it was before', async () => {
  const own = join(folder, 'a', 'b')
  await ownFolder(own)
  expect((await lstat(own)).mode & 0o777).toBe(0o700)
  await chmod(own, 0o777)
  await ownFolder(own)
  expect((await lstat(own)).mode & 0o777).toBe(0o700)
})

test('a link and a file are no own folder', async () => {
  await mkdir(join(folder, 'other'), { mode: 0o755 })
  await symlink(join(folder, 'other'), join(folder, 'link'))
  await expect(ownFolder(join(folder, 'link'))).rejects.toBeInstanceOf(FileRefused)
  expect((await lstat(join(folder, 'other'))).mode & 0o777).toBe(0o755)
  await writeFile(path, '')
  await expect(ownFolder(path)).rejects.toThrow(/is a file, not a folder/)
})

test.runIf(isRoot)('in the home of another user, no folder is made nor used', async () => {
  await chown(folder, nobody, nobody)
  await expect(ownFolder(join(folder, '.cache', 'tyrax'))).rejects.toThrow(/belongs to another user/)
  await expect(ownFolder(folder)).rejects.toThrow(/belongs to another user/)
  expect(await readdir(folder)).toEqual([])
})

test('a file that is named may lie behind a link and be open to others, and is a regular one', async () => {
  await writeFile(join(folder, 'other'), 'given', { mode: 0o666 })
  await symlink(join(folder, 'other'), path)
  expect(await readNamedFile(path, 100)).toBe('given')
  await expect(readNamedFile(path, 3)).rejects.toThrow(/more than 3 bytes/)
  await expect(readNamedFile(folder, 100)).rejects.toMatchObject({ code: 'EISDIR' })
  await expect(readNamedFile('/dev/zero', 100)).rejects.toThrow(/is a device/)
  execFileSync('mkfifo', [join(folder, 'pipe')])
  await expect(readNamedFile(join(folder, 'pipe'), 100)).rejects.toThrow(/is a named pipe/)
  await expect(readNamedFile(join(folder, 'none'), 100)).rejects.toMatchObject({ code: 'ENOENT' })
})
