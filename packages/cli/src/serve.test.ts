import { access, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PassThrough, Readable } from 'node:stream'
import { parse } from 'yaml'
import { expect, test } from 'vitest'
import { runCli } from './run-cli.js'
import { homeEnv, makeHome, run } from './testing/in-process.js'

interface Ready {
  readonly ready: true
  readonly authUrl: string
  readonly imageUrl: string
  readonly objectStoreUrl: string
  readonly cloudsYaml: string
  readonly pid: number
}

/** Serves until `use` is done; gives what was printed and the exit code. */
async function serving(home: string, argv: readonly string[], use: (line: string) => Promise<void>) {
  const controller = new AbortController()
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  let text = ''
  const lines: string[] = []
  stdout.on('data', (chunk: Buffer) => lines.push(chunk.toString()))
  stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const served = runCli(['serve', ...argv], {
    env: homeEnv(home),
    cwd: home,
    stdin: Readable.from([]),
    stdout,
    stderr,
    signal: controller.signal,
  })
  try {
    while (!lines.join('').includes('\n')) {
      const ended = await Promise.race([served, sleep(20)])
      if (ended !== undefined) throw new Error(`serve ended with ${ended}: ${text}`)
    }
    await use(lines.join(''))
  } finally {
    controller.abort('SIGTERM')
  }
  return { exitCode: await served, stdout: lines.join('') }
}

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
  await serving(home, ['--port', '0', '--json'], async () => {
    expect(await run(home, ['create', 'through'])).toMatchObject({ exitCode: 0 })
    expect((await run(home, ['list', '-f', 'value', '-c', 'name'])).stdout).toBe('through\n')
  })
  expect((await run(home, ['list', '-f', 'value', '-c', 'name'])).stdout).toBe('through\n')
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
