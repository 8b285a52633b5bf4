import { execFileSync } from 'node:child_process'
import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FileTarget } from '../../platform/platform.js'
import { openFileTarget } from './file-target.js'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tyrax-part-'))
  path = join(folder, 'u.img')
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

const isRoot = process.geteuid?.() === 0
const identity = { of: 'this', size: 8 }
const sidecar = (fields: object = {}) => JSON.stringify({ version: 1, identity, ranges: true, prefix: null, ...fields })

async function write(target: FileTarget, text: string, at = 0): Promise<void> {
  const writer = target.writer(at)
  await writer.write(Buffer.from(text))
  await writer.flush()
}

async function leave(text: string, fields?: object): Promise<void> {
  await writeFile(`${path}.part`, text, { mode: 0o600 })
  await writeFile(`${path}.part.json`, sidecar(fields), { mode: 0o600 })
}

const kinds: readonly [what: string, reason: RegExp, make: (at: string) => unknown][] = [
  ['a link to a file', /is a link/, (at) => symlink(join(folder, 'precious'), at)],
  ['a link to nothing', /is a link/, (at) => symlink(join(folder, 'none'), at)],
  ['a named pipe', /is a named pipe/, (at) => execFileSync('mkfifo', [at])],
  ['a folder', /is a folder/, (at) => mkdir(at)],
]

test.each(['.part', '.part.json', '.part.lock'].flatMap((suffix) => kinds.map((kind) => [suffix, ...kind] as const)))(
  '%s being %s is one clear error, and nothing behind it is changed',
  async (suffix, _what, reason, make) => {
    await writeFile(join(folder, 'precious'), 'mine')
    await make(`${path}${suffix}`)
    await expect(openFileTarget(path, { identity })).rejects.toMatchObject({
      name: 'TargetError',
      message: expect.stringMatching(reason),
      hint: `remove ${path}${suffix}, or choose another name`,
    })
    expect(await readFile(join(folder, 'precious'), 'utf8')).toBe('mine')
    expect((await readdir(folder)).toSorted()).toEqual(['precious', `u.img${suffix}`])
  },
)

test.runIf(isRoot).each(['.part', '.part.json', '.part.lock'])(
  '%s of another user is one clear error, and never becomes the result',
  async (suffix) => {
    await leave('theirs')
    await writeFile(`${path}.part.lock`, '999999999', { mode: 0o600 })
    await chown(`${path}${suffix}`, 65_534, 65_534)
    await expect(openFileTarget(path, { identity })).rejects.toMatchObject({
      name: 'TargetError',
      message: expect.stringContaining(`u.img${suffix} belongs to another user (uid 65534)`),
    })
    expect(await readFile(`${path}.part`, 'utf8')).toBe('theirs')
    expect(await readdir(folder)).not.toContain('u.img')
  },
)

test('an own part that others can write is begun anew, and what they hold open is not the result', async () => {
  await leave('0123')
  await chmod(`${path}.part`, 0o666)
  const theirs = await open(`${path}.part`, 'r+')
  const target = await openFileTarget(path, { identity })
  expect(target.kept).toBe(0)
  await write(target, '01234567')
  await theirs.write('evil', 0)
  await theirs.close()
  await target.commit()
  expect(await readFile(path, 'utf8')).toBe('01234567')
})

test('a part that has another name too is begun anew, and the other keeps its bytes', async () => {
  await leave('0123')
  await link(`${path}.part`, join(folder, 'other'))
  const target = await openFileTarget(path, { identity })
  expect(target.kept).toBe(0)
  await write(target, 'abcdefgh')
  await target.commit()
  expect(await readFile(join(folder, 'other'), 'utf8')).toBe('0123')
})

test('a sidecar with another name too is replaced, and the other keeps its text', async () => {
  await leave('0123')
  await link(`${path}.part.json`, join(folder, 'other'))
  const before = await readFile(join(folder, 'other'), 'utf8')
  const target = await openFileTarget(path, { identity })
  await target.noteRanges(false)
  expect(await readFile(join(folder, 'other'), 'utf8')).toBe(before)
  await target.discard()
})

test('a sidecar that others can write tells nothing', async () => {
  await leave('0123')
  await chmod(`${path}.part.json`, 0o646)
  const target = await openFileTarget(path, { identity })
  expect(target.kept).toBe(0)
  await target.discard()
})

test.each([
  'null',
  '7',
  '"text"',
  '[]',
  '{',
  '',
  '{"version":1}',
  sidecar({ identity: null }),
  sidecar({ identity: [] }),
  sidecar({ prefix: 1.5 }),
  sidecar({ prefix: -1 }),
  sidecar({ prefix: 1e300 }),
  sidecar({ prefix: 'x' }),
  sidecar({ prefix: [] }),
  sidecar({ prefix: undefined }),
  sidecar({ ranges: 1 }),
  sidecar().replace('"prefix":null', '"prefix":NaN'),
  sidecar().padEnd(2 ** 20),
])('a sidecar that says %s counts as none', async (text) => {
  await leave('0123')
  await writeFile(`${path}.part.json`, text)
  const target = await openFileTarget(path, { identity })
  expect(target.kept).toBe(0)
  await write(target, '01234567')
  await target.commit()
  expect(await readdir(folder)).toEqual(['u.img'])
})

test.each<[prefix: number | null, kept: number]>([
  [null, 4],
  [3, 3],
  [0, 0],
  [Number.MAX_SAFE_INTEGER, 4],
])('of a part whose sidecar says prefix %s, what is there is kept', async (prefix, kept) => {
  await leave('0123', { prefix })
  const target = await openFileTarget(path, { identity })
  expect(target.kept).toBe(kept)
  await target.discard()
})

test.each(['1.5', '-1', 'NaN', '1e3', '0', '0x1', 'null', ' ', '99999999999999999999'])(
  'a lock that says %s does not hold',
  async (text) => {
    await writeFile(`${path}.part.lock`, text)
    await (await openFileTarget(path)).discard()
    expect(await readdir(folder)).toEqual([])
  },
)

test.each([
  [0o002, 0o664],
  [0o022, 0o644],
  [0o077, 0o600],
])(
  'with umask %o only the owner can write the part, and the result is as open as any new file',
  async (umask, mode) => {
    const before = process.umask(umask)
    try {
      const target = await openFileTarget(path, { identity })
      await write(target, '0123')
      expect((await lstat(`${path}.part`)).mode & 0o022).toBe(0)
      expect((await lstat(`${path}.part.json`)).mode & 0o777).toBe(0o600)
      expect(await target.keep()).toBe(4)
      const again = await openFileTarget(path, { identity })
      expect(again.kept).toBe(4)
      await write(again, '4567', 4)
      await again.commit()
      expect((await lstat(path)).mode & 0o777).toBe(mode)
    } finally {
      process.umask(before)
    }
  },
)

test('a file that takes the place of the part while it is written does not become the result', async () => {
  const target = await openFileTarget(path, { identity })
  await write(target, '01234567')
  await writeFile(join(folder, 'theirs'), 'evil')
  await rename(join(folder, 'theirs'), `${path}.part`)
  await expect(target.commit()).rejects.toThrow(/another file has taken the place of .*u\.img\.part/)
  expect(await readdir(folder)).not.toContain('u.img')
  await target.discard()
})
