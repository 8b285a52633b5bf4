import { execFileSync } from 'node:child_process'
import { chmod, chown, lstat, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startCloud, type EmbeddedCloud } from '@tyrax/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeHome } from '../testing/home.js'
import { run } from '../testing/in-process.js'

let cloud: EmbeddedCloud
beforeAll(async () => {
  cloud = await startCloud({ port: 0 })
})
afterAll(() => cloud.close())

const isRoot = process.geteuid?.() === 0

async function homeWithToken(): Promise<{ home: string; file: string; list: () => ReturnType<typeof run> }> {
  const home = await makeHome()
  await writeFile(path.join(home, 'clouds.yaml'), cloud.cloudsYaml, { mode: 0o600 })
  const list = () => run(home, ['--os-cloud', 'demo', 'list', '-f', 'json'])
  expect(await list()).toMatchObject({ exitCode: 0, stderr: '' })
  const folder = path.join(home, '.cache', 'tyrax', 'tokens')
  const [name = ''] = await readdir(folder)
  return { home, file: path.join(folder, name), list }
}

interface Kept {
  key: unknown
  grant: Record<string, unknown>
}

test.each<[what: string, change: (kept: Kept) => unknown]>([
  ['null', () => null],
  ['a list', (kept) => [kept]],
  ['a number', () => 7],
  ['a grant that is null', (kept) => ({ ...kept, grant: null })],
  ['a token that is a number', (kept) => ({ ...kept, grant: { ...kept.grant, token: 5 } })],
  ['a token of two lines', (kept) => ({ ...kept, grant: { ...kept.grant, token: 'a\nb' } })],
  ['an end that is a text', (kept) => ({ ...kept, grant: { ...kept.grant, expiresAt: 'soon' } })],
  ['an end that is no moment', (kept) => ({ ...kept, grant: { ...kept.grant, expiresAt: 1.5e300 } })],
  ['a service that is null', (kept) => ({ ...kept, grant: { ...kept.grant, catalog: [null] } })],
  [
    'endpoints that are a text',
    (kept) => ({ ...kept, grant: { ...kept.grant, catalog: [{ type: 'image', endpoints: 'x' }] } }),
  ],
  [
    'an endpoint without a URL',
    (kept) => ({
      ...kept,
      grant: { ...kept.grant, catalog: [{ type: 'image', endpoints: [{ interface: 'public' }] }] },
    }),
  ],
  ['no roles', (kept) => ({ ...kept, grant: { ...kept.grant, roles: null } })],
  ['another key', (kept) => ({ ...kept, key: 'another' })],
])('a kept token with %s in it is replaced by a new one', async (_what, change) => {
  const { file, list } = await homeWithToken()
  const kept = JSON.parse(await readFile(file, 'utf8')) as Kept
  await writeFile(file, JSON.stringify(change(kept)))
  expect(await list()).toMatchObject({ exitCode: 0, stdout: '[]\n', stderr: '' })
  expect(Object.keys(JSON.parse(await readFile(file, 'utf8')) as Kept)).toEqual(['version', 'key', 'grant'])
})

/** Changes the image endpoint in this cached token to one that occurs nowhere else. Returns the new text. */
async function poison(file: string): Promise<string> {
  const text = (await readFile(file, 'utf8')).replaceAll(
    /http:\/\/127\.0\.0\.1:\d+\/image/g,
    'http://127.0.0.1:1/image',
  )
  expect(text).toContain('127.0.0.1:1/')
  await writeFile(file, text)
  return text
}

test.each<[what: string, make: (file: string) => Promise<unknown>]>([
  ['a link', async (file) => (await rename(file, `${file}.real`), symlink(`${file}.real`, file))],
  ['open to others', (file) => chmod(file, 0o666)],
  ['a named pipe', async (file) => (await rm(file), execFileSync('mkfifo', [file]))],
])('a kept token that is %s is not used, and replaced', async (_what, make) => {
  const { file, list } = await homeWithToken()
  await poison(file)
  await make(file)
  expect(await list()).toMatchObject({ exitCode: 0, stdout: '[]\n', stderr: '' })
  expect(await lstat(file)).toMatchObject({ mode: 0o100600 })
})

test.runIf(isRoot)('a kept token of another user is not used', async () => {
  const { file, list } = await homeWithToken()
  const text = await poison(file)
  await chown(file, 65_534, 65_534)
  expect(await list()).toMatchObject({ exitCode: 0, stdout: '[]\n', stderr: '' })
  expect(await readFile(file, 'utf8')).not.toBe(text)
})

test.runIf(isRoot)('in the home of another user, no token is left', async () => {
  const home = await makeHome()
  const clouds = path.join(home, 'clouds.yaml')
  await writeFile(clouds, cloud.cloudsYaml, { mode: 0o600 })
  const others = path.join(home, 'others')
  await mkdir(others)
  await chown(others, 65_534, 65_534)
  const env = { HOME: others, XDG_CACHE_HOME: path.join(others, '.cache') }
  expect(await run(home, ['--os-cloud', 'demo', 'list', '-f', 'json'], { env })).toMatchObject({
    exitCode: 0,
    stderr: '',
  })
  expect(await readdir(others)).toEqual([])
})

test.each(['/proc/none', '/dev/null/none', '/sys/none'])(
  'where no folder can be made (%s), no token is kept',
  async (at) => {
    const { home } = await homeWithToken()
    const env = { TYRAX_CACHE_DIR: at }
    const ran = await run(home, ['--os-cloud', 'demo', 'list', '-f', 'json'], { env })
    expect(ran).toMatchObject({ exitCode: 0, stdout: '[]\n', stderr: '' })
  },
)

test('the folder of kept tokens is for its owner alone, whatever it was before', async () => {
  const { file, list } = await homeWithToken()
  const folder = path.dirname(file)
  await rm(file)
  await chmod(folder, 0o777)
  expect(await list()).toMatchObject({ exitCode: 0 })
  expect((await lstat(folder)).mode & 0o777).toBe(0o700)
})

test.each([
  ['a file', 'file'],
  ['a link', 'link'],
])('%s where the folder of kept tokens goes is left alone', async (_what, kind) => {
  const { file, list, home } = await homeWithToken()
  const folder = path.dirname(file)
  await rm(folder, { recursive: true })
  const elsewhere = path.join(home, 'elsewhere')
  await mkdir(elsewhere)
  await (kind === 'file' ? writeFile(folder, '') : symlink(elsewhere, folder))
  expect(await list()).toMatchObject({ exitCode: 0, stderr: '' })
  expect(await readdir(elsewhere)).toEqual([])
})

const record = (home: string) => path.join(home, '.local', 'share', 'tyrax', 'cloud', 'running.json')

test.each<[what: string, make: (file: string) => Promise<unknown>]>([
  ['is a link', (file) => symlink('/etc/hostname', file)],
  ['is a named pipe', async (file) => execFileSync('mkfifo', [file])],
  ['is a folder', (file) => mkdir(file)],
  ['can be written by other users', async (file) => (await writeFile(file, '{"pid":1}'), chmod(file, 0o666))],
])('the record of a running cloud that %s is one clear error', async (reason, make) => {
  const home = await makeHome()
  await mkdir(path.dirname(record(home)), { recursive: true, mode: 0o700 })
  await make(record(home))
  const { exitCode, stderr } = await run(home, ['--os-cloud', 'embedded', '-q', 'list'])
  expect(exitCode).not.toBe(0)
  expect(stderr).toContain(`${record(home)} ${reason}`)
})

test.runIf(isRoot)('the record of a running cloud that belongs to another user is one clear error', async () => {
  const home = await makeHome()
  await mkdir(path.dirname(record(home)), { recursive: true, mode: 0o700 })
  await writeFile(record(home), '{"pid":1}')
  await chown(record(home), 65_534, 65_534)
  const { exitCode, stderr } = await run(home, ['--os-cloud', 'embedded', '-q', 'list'])
  expect(exitCode).not.toBe(0)
  expect(stderr).toContain(`${record(home)} belongs to another user (uid 65534)`)
})

test.each(['', 'null', '[]', '{', '{"pid":0}', '{"pid":-1}', '{"pid":1.5}', '{"pid":"1"}', '{"pid":1e300}'])(
  'a record of a running cloud that says %s is none',
  async (text) => {
    const home = await makeHome()
    await mkdir(path.dirname(record(home)), { recursive: true, mode: 0o700 })
    await writeFile(record(home), text, { mode: 0o600 })
    expect(await run(home, ['--os-cloud', 'embedded', 'list', '-f', 'json'])).toMatchObject({
      exitCode: 0,
      stdout: '[]\n',
    })
  },
)

test.each(['--config', '--faults'])('%s takes no pipe, no folder and no device, and waits for none', async (option) => {
  const home = await makeHome()
  execFileSync('mkfifo', [path.join(home, 'pipe')])
  for (const [file, reason] of [
    ['pipe', 'it is a named pipe'],
    ['.', 'EISDIR'],
    ['/dev/zero', 'it is a device'],
  ] as const) {
    const { exitCode, stderr } = await run(home, ['serve', '--ephemeral', '--port', '0', option, file])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(reason)
  }
})
