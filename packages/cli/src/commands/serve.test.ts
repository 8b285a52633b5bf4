import { access, mkdir, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { identifyThisProcess } from '@tyrax/server/process-identity'
import { parse } from 'yaml'
import { expect, test } from 'vitest'
import { cloudFolder, makeHome } from '../testing/home.js'
import { run } from '../testing/in-process.js'
import { type Ready, serving } from '../testing/serving.js'

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  )

test('serve prints exactly one JSON object, works with the clouds.yaml it names, and takes it away at the end', async () => {
  const home = await makeHome()
  let ready: Ready | undefined
  const { exitCode, stdout } = await serving(home, ['--port', '0', '--json', '--ephemeral'], async (line) => {
    ready = JSON.parse(line) as Ready
    expect(ready).toEqual({
      ready: true,
      authUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/identity\/v3$/),
      imageUrl: expect.stringContaining('/image'),
      objectStoreUrl: expect.stringContaining('/object-store/v1'),
      cloudsYaml: expect.stringContaining('clouds.yaml'),
      pid: process.pid,
    })
    expect((await stat(ready.cloudsYaml)).mode & 0o077).toBe(0)
    const { clouds } = parse(await readFile(ready.cloudsYaml, 'utf8')) as { clouds: object }
    expect(Object.keys(clouds).sort()).toEqual(['admin', 'demo'])
    for (const name of ['admin', 'demo']) {
      const env = { OS_CLIENT_CONFIG_FILE: ready.cloudsYaml, OS_CLOUD: name }
      expect(await run(home, ['list', '-f', 'json'], { env })).toMatchObject({ exitCode: 0, stdout: '[]\n' })
    }
  })
  expect(exitCode).toBe(0)
  expect(stdout.trimEnd().split('\n')).toHaveLength(1)
  expect(await isThere(ready!.cloudsYaml)).toBe(false)
})

test.each([
  [['--host', ''], 'the host to listen on is empty'],
  [['--host', '0.0.0.0'], '--allow-default-passwords'],
  [['--host', '::'], 'admin, demo'],
  [['--public-url', 'cloud.example'], 'the public URL cannot be used'],
  [['--public-url', 'http://me:word@cloud.example'], 'no credentials'],
  [['--cors', 'localhost:5173'], 'is not an origin'],
  [['--cors', 'http://localhost:5173', '--cors', 'http://a.example/b'], 'http://a.example/b'],
])('serve %j is a mistake of usage, said before anything listens', async (argv, words) => {
  const home = await makeHome()
  const { exitCode, stdout, stderr } = await run(home, ['serve', '--port', '0', '--ephemeral', ...argv])
  expect([exitCode, stdout]).toEqual([2, ''])
  expect(stderr).toContain(words)
  expect(stderr).not.toContain(':word@')
})

test('serve tells its public URL in the ready line and in the clouds.yaml', async () => {
  const home = await makeHome()
  const argv = ['--port', '0', '--json', '--ephemeral', '--host', '0.0.0.0', '--allow-default-passwords']
  const { exitCode } = await serving(home, [...argv, '--public-url', 'https://cloud.example/some/'], async (line) => {
    const ready = JSON.parse(line) as Ready
    expect(ready).toMatchObject({
      authUrl: 'https://cloud.example/some/identity/v3',
      imageUrl: 'https://cloud.example/some/image',
      objectStoreUrl: 'https://cloud.example/some/object-store/v1',
    })
    expect(await readFile(ready.cloudsYaml, 'utf8')).toContain('auth_url: "https://cloud.example/some/identity/v3"')
  })
  expect(exitCode).toBe(0)
})

test('serve lets pages of the origins that --cors names use it', async () => {
  const home = await makeHome()
  const argv = ['--port', '0', '--json', '--ephemeral', '--cors', 'http://one.example', '--cors', 'http://two.example']
  await serving(home, argv, async (line) => {
    const { authUrl } = JSON.parse(line) as Ready
    const allowed = async (origin: string) =>
      (await fetch(authUrl, { headers: { origin } })).headers.get('access-control-allow-origin')
    expect(await allowed('http://one.example')).toBe('http://one.example')
    expect(await allowed('http://two.example')).toBe('http://two.example')
    expect(await allowed('http://three.example')).toBeNull()
  })
})

test('without --json the one line is for people', async () => {
  const home = await makeHome()
  const { stdout } = await serving(home, ['--port', '0', '--ephemeral'], async () => {})
  expect(stdout).toMatch(/^ready: http:\/\/127\.0\.0\.1:\d+\/identity\/v3 \(clouds\.yaml: .+\)\n$/)
})

test('--data keeps images between runs, and one folder is served once', async () => {
  const home = await makeHome()
  const argv = ['--port', '0', '--json', '--data', 'kept']
  const env = (line: string) => ({ OS_CLIENT_CONFIG_FILE: (JSON.parse(line) as Ready).cloudsYaml, OS_CLOUD: 'demo' })
  await serving(home, argv, async (line) => {
    expect(await run(home, ['create', 'one'], { env: env(line) })).toMatchObject({ exitCode: 0 })
    expect(await run(home, ['serve', ...argv])).toMatchObject({ exitCode: 5, stdout: '' })
  })
  await serving(home, argv, async (line) => {
    expect((await run(home, ['list', '-f', 'value', '-c', 'name'], { env: env(line) })).stdout).toBe('one\n')
  })
})

test('commands without a configuration use the cloud that serve runs on the default folder', async () => {
  const home = await makeHome()
  const onTerminal = { isTTY: true }
  await serving(home, ['--port', '0', '--json'], async () => {
    expect(await run(home, ['create', 'through'], onTerminal)).toMatchObject({ exitCode: 0 })
    expect((await run(home, ['list', '-f', 'value', '-c', 'name'], onTerminal)).stdout).toBe('through\n')
  })
  expect((await run(home, ['list', '-f', 'value', '-c', 'name'], onTerminal)).stdout).toBe('through\n')
})

test('--config makes its projects and users', async () => {
  const home = await makeHome()
  await writeFile(
    path.join(home, 'cloud.yaml'),
    'projects: [build]\nusers: [{ name: ci, password: hush, project: build, roles: [member] }]\n',
  )
  await serving(home, ['--port', '0', '--json', '--ephemeral', '--config', 'cloud.yaml'], async (line) => {
    const env = { OS_CLIENT_CONFIG_FILE: (JSON.parse(line) as Ready).cloudsYaml, OS_CLOUD: 'ci' }
    expect(await run(home, ['create', 'x'], { env })).toMatchObject({ exitCode: 0 })
  })
})

test.each([
  ['a file that is not there', '--config', 'nowhere.yaml', undefined],
  ['a file that is no YAML', '--config', 'bad.yaml', 'a: [b'],
  ['an unknown key', '--config', 'bad.yaml', 'projcts: [a]\n'],
  [
    'a user of no project',
    '--config',
    'bad.yaml',
    'projects: [a]\nusers: [{name: u, password: p, project: b, roles: [member]}]\n',
  ],
  ['faults that are none', '--faults', 'bad.yaml', 'rules: 7\n'],
])('%s is refused before anything starts', async (_, option, file, text) => {
  const home = await makeHome()
  if (text !== undefined) await writeFile(path.join(home, file), text)
  const { exitCode, stdout, stderr } = await run(home, ['serve', '--port', '0', '--ephemeral', option, file])
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toContain(file)
})

test('a port that is taken is one clear error', async () => {
  const home = await makeHome()
  await serving(home, ['--port', '0', '--json', '--ephemeral'], async (line) => {
    const port = new URL((JSON.parse(line) as Ready).authUrl).port
    const { exitCode, stderr } = await run(home, ['serve', '--ephemeral', '--port', port])
    expect(exitCode).toBe(1)
    expect(stderr).toContain(port)
  })
})

test('a folder that holds other things is refused with an exit code of its own, and stays as it is', async () => {
  const home = await makeHome()
  await mkdir(path.join(home, 'mine', 'tmp'), { recursive: true })
  await writeFile(path.join(home, 'mine', 'tmp', 'precious.txt'), 'precious')
  const { exitCode, stdout, stderr } = await run(home, ['serve', '--port', '0', '--data', 'mine'])
  expect({ exitCode, stdout }).toEqual({ exitCode: 11, stdout: '' })
  expect(stderr).toMatch(/mine cannot be used: it contains other files.*\nhint: choose an empty folder/)
  expect(await readdir(path.join(home, 'mine'))).toEqual(['tmp'])
  expect(await readdir(path.join(home, 'mine', 'tmp'))).toEqual(['precious.txt'])
})

test('every command that would use a folder whose database is gone or empty ends with the same exit code', async () => {
  const home = await makeHome()
  await writeFile(path.join(home, 'file'), 'bytes')
  const { exitCode } = await run(home, ['create', 'one', '--file', 'file', '--disk-format', 'raw', '--quiet'], {
    env: { OS_CLOUD: 'embedded' },
  })
  expect(exitCode).toBe(0)
  await run(home, ['serve', '--stop'])
  const folder = cloudFolder(home)
  const database = path.join(folder, 'cloud.sqlite')
  const stored = async () => (await readdir(path.join(folder, 'blobs'), { recursive: true })).length
  const before = await stored()
  for (const damage of [() => truncate(database), () => rm(database)]) {
    await damage()
    for (const argv of [['serve', '--port', '0'], ['list'], ['rm', 'one']]) {
      const failed = await run(home, [...argv, '-f', 'json'], { env: { OS_CLOUD: 'embedded' } })
      expect([failed.exitCode, failed.stdout]).toEqual([11, ''])
      expect(JSON.parse(failed.stderr.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
        error: {
          code: 'data_folder',
          message: expect.stringContaining('nothing was changed'),
          hint: expect.any(String),
        },
      })
    }
  }
  expect(await stored()).toBe(before)
  expect(await isThere(database)).toBe(false)
})

test('stored files without a record are reported, and moved aside and named with --sweep', async () => {
  const home = await makeHome()
  const argv = ['--port', '0', '--data', 'kept']
  const orphan = `blobs/ab/${'ab'.repeat(16)}`
  await serving(home, argv, async () => {})
  await mkdir(path.join(home, 'kept', 'blobs', 'ab'), { recursive: true })
  await writeFile(path.join(home, 'kept', orphan), 'orphan')
  const plain = await serving(home, argv, async () => {})
  expect(plain.stderr).toMatch(
    /^1 stored file without a record \(6 bytes\) in .*kept\/blobs: --sweep moves them aside\n$/,
  )
  expect(await readFile(path.join(home, 'kept', orphan), 'utf8')).toBe('orphan')
  const swept = await serving(home, [...argv, '--sweep'], async () => {})
  const [, movedTo = '', aside = ''] =
    /^moved aside: blobs\/ab\/\w{32} -> (\S+) \(6 bytes\)\n1 stored file .* moved to (\S+): remove that folder/.exec(
      swept.stderr,
    ) ?? []
  expect(await readFile(path.join(home, 'kept', movedTo), 'utf8')).toBe('orphan')
  expect(path.join(home, 'kept', movedTo)).toBe(path.join(aside, 'ab', 'ab'.repeat(16)))
  expect((await serving(home, argv, async () => {})).stderr).toBe('')
})

test('what a killed process wrote of itself keeps no command waiting, whichever process has its number now', async () => {
  const home = await makeHome()
  const folder = cloudFolder(home)
  await run(home, ['list'], { env: { OS_CLOUD: 'embedded' } })
  await run(home, ['serve', '--stop'])
  const own = {
    pid: process.pid,
    scope: 'another machine',
    authUrl: 'http://127.0.0.1:1/identity/v3',
    username: 'demo',
    password: 'secret',
    control: { port: 1, key: 'k' },
    version: '0.1.0',
    startedAt: '2026-01-01T00:00:00Z',
  }
  const ended = { ...own, ...identifyThisProcess(), started: '1' }
  for (const record of [{ ...own, pid: 1 }, own, ended, { pid: process.pid, authUrl: own.authUrl }]) {
    const plant = async () => {
      await writeFile(path.join(folder, 'running.json'), JSON.stringify(record), { mode: 0o600 })
      await writeFile(path.join(folder, 'cloud.pid'), `${record.pid}\n`, { mode: 0o600 })
    }
    await plant()
    expect(await run(home, ['list', '-f', 'json'], { env: { OS_CLOUD: 'embedded' } })).toMatchObject({
      exitCode: 0,
      stdout: '[]\n',
    })
    await run(home, ['serve', '--stop'])
    await plant()
    expect((await serving(home, ['--port', '0', '--json'], async () => {})).exitCode).toBe(0)
  }
})

test.each([
  [['--data=~/cloud'], 'the shell did not replace "~"'],
  [['--sweep', '--ephemeral'], '--sweep needs a data folder that is kept'],
])('%s is refused before anything is made', async (argv, message) => {
  const home = await makeHome()
  const { exitCode, stderr } = await run(home, ['serve', '--port', '0', ...argv])
  expect(exitCode).toBe(2)
  expect(stderr).toContain(message)
  // The bundle keeps its own compiled code there.
  expect((await readdir(home)).filter((name) => name !== '.cache')).toEqual([])
})

test('a second server on a folder is told where the first one listens', async () => {
  const home = await makeHome()
  const argv = ['--port', '0', '--json', '--data', 'kept']
  await serving(home, argv, async (line) => {
    const { exitCode, stderr } = await run(home, ['serve', ...argv])
    expect(exitCode).toBe(5)
    expect(stderr).toContain((JSON.parse(line) as Ready).authUrl)
    await rename(path.join(home, 'kept', 'running.json'), path.join(home, 'moved.json'))
    expect((await run(home, ['serve', ...argv])).exitCode).toBe(5)
  })
})
