import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { startCloud } from '@tyrax/server'
import { makeHome } from '../testing/home.js'
import { run } from '../testing/in-process.js'

async function withCloud(use: (home: string, authUrl: string) => Promise<void>): Promise<void> {
  const cloud = await startCloud({ port: 0 })
  try {
    const home = await makeHome()
    await writeFile(path.join(home, 'clouds.yaml'), cloud.cloudsYaml, { mode: 0o600 })
    await use(home, cloud.authUrl)
  } finally {
    await cloud.close()
  }
}

test('with nothing configured, commands share one embedded cloud in the data folder and say so', async () => {
  const home = await makeHome()
  const created = await run(home, ['create', 'kept', '-f', 'value', '-c', 'id'], { isTTY: true })
  expect(created).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('no cloud is configured') })
  expect(created.stderr).toContain(path.join(home, '.local', 'share', 'tyrax', 'cloud'))
  const shown = await run(home, ['--os-cloud', 'embedded', 'show', 'kept', '-f', 'id'])
  expect(shown).toMatchObject({ exitCode: 0, stdout: created.stdout })
})

test.each([
  ['without a terminal', {}],
  ['on a terminal of a CI system', { isTTY: true, env: { CI: 'true' } }],
  ['quietly', { quiet: true }],
])('with nothing configured, a command %s is an error that names the ways to configure', async (_, options) => {
  const home = await makeHome()
  const { quiet, ...surroundings } = options as { quiet?: boolean }
  for (const argv of [['list'], ['create', 'x'], ['object', 'list'], ['auth', 'token']]) {
    const { exitCode, stdout, stderr } = await run(home, [...argv, ...(quiet ? ['-q'] : [])], surroundings)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    for (const way of ['clouds.yaml', 'OS_AUTH_URL', 'OS_CLOUD', '--os-cloud embedded']) expect(stderr).toContain(way)
  }
  expect((await readdir(home)).filter((name) => name !== '.cache')).toEqual([])
})

test('the embedded cloud is named on stderr whatever is printed', async () => {
  const home = await makeHome()
  const folder = path.join(home, '.local', 'share', 'tyrax', 'cloud')
  for (const argv of [['-q'], ['-f', 'json'], ['-q', '-f', 'json'], ['-f', 'id']]) {
    const { exitCode, stderr } = await run(home, ['--os-cloud', 'embedded', 'list', ...argv])
    expect(exitCode).toBe(0)
    const line = argv.includes('json') ? (JSON.parse(stderr) as { note: string }).note : stderr.trimEnd()
    expect(line).toBe(`using the embedded cloud in ${folder}`)
    const shown = await run(home, ['list', ...argv], { isTTY: true, env: { CI: 'false' } })
    expect(shown).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(folder) })
  }
})

test('commands that run at once use the same embedded cloud', async () => {
  const home = await makeHome()
  const names = ['a', 'b', 'c', 'd']
  const ran = await Promise.all(names.map((name) => run(home, ['create', name], { env: { OS_CLOUD: 'embedded' } })))
  expect(ran.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0])
  const { stdout } = await run(home, ['list', '--sort', 'name:asc', '-f', 'value', '-c', 'name'], {
    env: { OS_CLOUD: 'embedded' },
  })
  expect(stdout.trimEnd().split('\n')).toEqual(names)
})

test.each([
  ['a variable', { OS_USERNAME: 'x' }, []],
  ['a flag', {}, ['--os-username', 'x']],
  ['a cloud that no file has', {}, ['--os-cloud', 'nowhere']],
  ['OS_CLOUD without a file', { OS_CLOUD: 'nowhere' }, []],
])('half a configuration (%s) is an error, not the embedded cloud', async (_, env, flags) => {
  const home = await makeHome()
  const { exitCode, stderr } = await run(home, ['list', ...flags], { env })
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(/^error: /)
  // The bundle keeps its own compiled code there.
  expect((await readdir(home)).filter((name) => name !== '.cache')).toEqual([])
})

test('a token is kept for the next command, readable by nobody else', async () => {
  await withCloud(async (home) => {
    const token = async () => (await run(home, ['--os-cloud', 'demo', 'auth', 'token', '-f', 'id'])).stdout.trim()
    const first = await token()
    expect(first).not.toBe('')
    expect(await token()).toBe(first)
    const folder = path.join(home, '.cache', 'tyrax', 'tokens')
    const [file = ''] = await readdir(folder)
    expect((await stat(path.join(folder, file))).mode & 0o077).toBe(0)
    expect((await stat(folder)).mode & 0o077).toBe(0)
    expect(await readFile(path.join(folder, file), 'utf8')).not.toContain('secret')
  })
})

test('a kept token that the cloud no longer takes is replaced', async () => {
  await withCloud(async (home) => {
    expect(await run(home, ['--os-cloud', 'demo', 'list'])).toMatchObject({ exitCode: 0 })
    const folder = path.join(home, '.cache', 'tyrax', 'tokens')
    const [name = ''] = await readdir(folder)
    const file = path.join(folder, name)
    const kept = JSON.parse(await readFile(file, 'utf8')) as { grant: { token: string } }
    kept.grant.token = 'gAAAAnotAToken'
    await writeFile(file, JSON.stringify(kept))
    expect(await run(home, ['--os-cloud', 'demo', 'list'])).toMatchObject({ exitCode: 0 })
    expect(await readFile(file, 'utf8')).not.toContain('notAToken')
    await writeFile(file, '{ half a')
    expect(await run(home, ['--os-cloud', 'demo', 'list'])).toMatchObject({ exitCode: 0 })
  })
})

test('a wrong password is exit code 4, and neither it nor the right one is shown', async () => {
  await withCloud(async (home, authUrl) => {
    const flags = ['--os-auth-url', authUrl, '--os-username', 'demo', '--os-project-name', 'demo']
    const domains = ['--os-user-domain-name', 'Default', '--os-project-domain-name', 'Default']
    const list = ['list', ...flags, ...domains, '--password-stdin']
    expect(await run(home, list, { stdin: 'secret\n' })).toMatchObject({ exitCode: 0 })
    const wrong = await run(home, [...list, '--debug', '-f', 'json'], { stdin: 'guessed wrong\n' })
    expect(wrong.exitCode).toBe(4)
    expect(wrong.stderr).not.toContain('guessed wrong')
  })
})

test('a project that is not there and a region that is not there each have their exit code', async () => {
  await withCloud(async (home) => {
    const demo = (...argv: string[]) => run(home, ['--os-cloud', 'demo', 'list', ...argv])
    expect(await demo('--os-project-name', 'nowhere')).toMatchObject({ exitCode: 4 })
    expect(await demo('--os-region-name', 'Atlantis')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Atlantis'),
    })
  })
})

test('a cloud that does not answer is exit code 10', async () => {
  await withCloud(async (home, authUrl) => {
    const dead = authUrl.replace(/:\d+/, ':1')
    const { exitCode, stderr } = await run(home, [
      '--os-cloud',
      'demo',
      '--os-auth-url',
      dead,
      'list',
      '--retries',
      '0',
    ])
    expect(exitCode).toBe(10)
    expect(stderr).toContain(':1')
  })
})

test('auth check says which file and key each setting came from, and hides secrets', async () => {
  await withCloud(async (home) => {
    const { exitCode, stdout } = await run(home, ['auth', 'check', '--os-cloud', 'demo', '-f', 'json'])
    expect(exitCode).toBe(0)
    const checked = JSON.parse(stdout) as { settings: Record<string, string>; project_id: string }
    expect(checked.project_id).toMatch(/./)
    expect(checked.settings['auth.username']).toContain(
      `clouds.demo.auth.username in ${path.join(home, 'clouds.yaml')}`,
    )
    expect(checked.settings['auth.password']).toMatch(/^\*+ from /)
    expect(stdout).not.toContain('"secret"')
  })
})

test('--debug traces requests without tokens or passwords', async () => {
  await withCloud(async (home) => {
    const token = (await run(home, ['--os-cloud', 'demo', 'auth', 'token', '-f', 'id'])).stdout.trim()
    const { stderr, stdout } = await run(home, ['--os-cloud', 'demo', '--debug', 'list', '-f', 'json'])
    expect(stdout).toBe('[]\n')
    expect(stderr).toContain('/v2/images')
    expect(stderr).not.toContain(token)
  })
})

test('a deadline ends the command with exit code 8', async () => {
  await withCloud(async (home) => {
    const { PassThrough } = await import('node:stream')
    const silent = new PassThrough()
    silent.write(Buffer.alloc(2 ** 20))
    const argv = ['--os-cloud', 'demo', 'create', 'never', '--file', '-', '--disk-format', 'raw', '--deadline', '1']
    expect(await run(home, argv, { stdin: silent })).toMatchObject({ exitCode: 8 })
    expect((await run(home, ['--os-cloud', 'demo', 'list', '-f', 'json'])).stdout).toBe('[]\n')
  })
})

test('an interrupted upload leaves nothing behind and ends with 130', async () => {
  await withCloud(async (home) => {
    const { PassThrough } = await import('node:stream')
    const silent = new PassThrough()
    silent.write(Buffer.alloc(2 ** 20))
    const controller = new AbortController()
    const argv = ['--os-cloud', 'demo', 'create', 'stopped', '--file', '-', '--disk-format', 'raw']
    const running = run(home, argv, { stdin: silent, signal: controller.signal })
    for (;;) {
      const { stdout } = await run(home, ['--os-cloud', 'demo', 'list', '-f', 'value', '-c', 'status'])
      if (stdout === 'saving\n') break
    }
    controller.abort('SIGINT')
    expect(await running).toMatchObject({ exitCode: 130, stdout: '' })
    expect((await run(home, ['--os-cloud', 'demo', 'list', '-f', 'json'])).stdout).toBe('[]\n')
  })
})

test('a data folder that cannot be used is one clear error', async () => {
  const home = await makeHome()
  await mkdir(path.join(home, '.local', 'share'), { recursive: true })
  await writeFile(path.join(home, '.local', 'share', 'tyrax'), 'a file where a folder should be')
  const { exitCode, stderr } = await run(home, ['list'], { env: { OS_CLOUD: 'embedded' } })
  expect(exitCode).toBe(1)
  expect(stderr).toContain(path.join(home, '.local', 'share', 'tyrax'))
})
