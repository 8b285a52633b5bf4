import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { lstat, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import path from 'node:path'
import { presenceOf } from '@tyrax/server/process-identity'
import { expect, test } from 'vitest'
import { bin, runBundle, startBundle } from '../../testing/bundle.js'
import { cloudFolder, homeEnv, makeHome } from '../../testing/home.js'
import { run } from '../../testing/in-process.js'
import { serving } from '../../testing/serving.js'
import { readRunning, type RunningCloud } from './record.js'

const embedded = { env: { OS_CLOUD: 'embedded' } }

/** The cloud that commands of this home have started. */
async function runningIn(home: string): Promise<RunningCloud> {
  const running = await readRunning(cloudFolder(home))
  if (running === undefined) throw new Error('no cloud is announced')
  return running
}

/** The number of commands that use it now. */
async function commandsIn(home: string): Promise<unknown> {
  const { stdout } = await run(home, ['serve', '--status', '--json'])
  return (JSON.parse(stdout) as { commands?: unknown }).commands
}

const starts = async (home: string) => (await readFile(`${cloudFolder(home)}.log`, 'utf8')).match(/ runs the cloud /g)

test('ten commands at once on a cold start get exactly one background cloud', async () => {
  const home = await makeHome()
  const names = Array.from({ length: 10 }, (_, index) => `image-${index}`)
  const ran = await Promise.all(names.map((name) => runBundle(home, ['create', name, '-f', 'id'], embedded)))
  expect(ran.map(({ exitCode }) => exitCode)).toEqual(names.map(() => 0))
  expect(await starts(home)).toHaveLength(1)
  const { stdout } = await run(home, ['list', '--sort', 'name:asc', '-f', 'value', '-c', 'name'], embedded)
  expect(stdout.trimEnd().split('\n')).toEqual(names)
})

test('commands after the first use the same process, which only its user can use', async () => {
  const home = await makeHome()
  await run(home, ['list'], embedded)
  const { pid, authUrl, password, control } = await runningIn(home)
  expect((await run(home, ['list', '-f', 'json'], embedded)).stdout).toBe('[]\n')
  expect((await runningIn(home)).pid).toBe(pid)
  expect(new URL(authUrl).hostname).toBe('127.0.0.1')
  for (const file of ['running.json', 'token.json', '../cloud.log']) {
    expect((await lstat(path.join(cloudFolder(home), file))).mode & 0o077).toBe(0)
  }
  const { stdout } = await run(home, ['serve', '--status', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ state: 'running', pid, background: true, auth_url: authUrl, commands: 0 })
  expect(stdout).not.toContain(password)
  // A port on loopback is open to every user of the machine.
  const signIn = (as: string) =>
    fetch(`${authUrl}/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        auth: {
          identity: {
            methods: ['password'],
            password: { user: { name: 'demo', domain: { name: 'Default' }, password: as } },
          },
        },
      }),
    })
  expect((await signIn('secret')).status).toBe(401)
  expect((await signIn(password)).status).toBe(201)
  const stranger = connect(control.port, '127.0.0.1')
  let heard = ''
  stranger.on('data', (data: Buffer) => (heard += data.toString())).write(`${'x'.repeat(control.key.length)} stop\n`)
  await once(stranger, 'close')
  expect(heard).toBe('')
  expect((await runningIn(home)).isRunning).toBe(true)
})

test('serve --stop ends it, --status then says that it is stopped, and the next command starts another', async () => {
  const home = await makeHome()
  await run(home, ['create', 'kept'], embedded)
  const { pid, identity } = await runningIn(home)
  expect(await run(home, ['serve', '--stop'])).toMatchObject({
    exitCode: 0,
    stdout: '',
    stderr: `process ${pid} has ended\n`,
  })
  expect(presenceOf(identity)).toBe('gone')
  expect((await run(home, ['serve', '--status', '-f', 'value', '-c', 'state'])).stdout).toBe('stopped\n')
  expect(await run(home, ['serve', '--stop'])).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining('no cloud is running in'),
  })
  expect((await run(home, ['list', '-f', 'value', '-c', 'name'], embedded)).stdout).toBe('kept\n')
  expect((await runningIn(home)).pid).not.toBe(pid)
})

test('it ends by itself when no command uses it, and not before', async () => {
  const home = await makeHome()
  const env = { OS_CLOUD: 'embedded', TYRAX_EMBEDDED_IDLE: '0.05' }
  const reader = await startBundle(home, ['create', 'slow', '--file', '-', '--disk-format', 'raw', '-f', 'id'], { env })
  await expect.poll(() => commandsIn(home)).toBe(1)
  const { identity } = await runningIn(home)
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(presenceOf(identity)).toBe('running')
  reader.stdin?.end('bytes')
  expect(await once(reader, 'close')).toEqual([0, null])
  await expect.poll(() => presenceOf(identity)).toBe('gone')
  expect(await readFile(`${cloudFolder(home)}.log`, 'utf8')).toContain('no command has used it for 0.05 s')
  expect(await readRunning(cloudFolder(home))).toBeUndefined()
})

test('it finishes an import that goes on without a command', async () => {
  const home = await makeHome()
  const env = { OS_CLOUD: 'embedded', TYRAX_EMBEDDED_IDLE: '0.05' }
  await writeFile(path.join(home, 'data'), Buffer.alloc(16 * 2 ** 20, 7))
  await run(home, ['create', 'later'], { env })
  await run(home, ['stage', 'later', '--file', 'data', '--disk-format', 'raw'], { env })
  expect(await run(home, ['import', 'later', '--method', 'glance-direct'], { env })).toMatchObject({ exitCode: 0 })
  await expect.poll(() => readRunning(cloudFolder(home))).toBeUndefined()
  expect((await run(home, ['show', 'later', '-f', 'value', '-c', 'status'], { env })).stdout).toBe('active\n')
})

test('it ends when its folder is removed', async () => {
  const home = await makeHome()
  await run(home, ['list'], embedded)
  const { identity } = await runningIn(home)
  await rm(home, { recursive: true, maxRetries: 5 })
  await expect.poll(() => presenceOf(identity)).toBe('gone')
})

test('the end of a command and of its terminal is not the end of it', async () => {
  const home = await makeHome()
  const env = { PATH: process.env['PATH'], ...homeEnv(home), ...embedded.env }
  const line = `"${process.execPath}" "${bin}" create x --file - --disk-format raw`
  // A session of its own, all of whose processes get the signals, as those of a terminal do.
  const shell = spawn('sh', ['-c', line], { cwd: home, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  await expect.poll(() => runningIn(home).catch(() => undefined)).toBeDefined()
  const { identity } = await runningIn(home)
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.kill(-(shell.pid ?? 0), signal)
  await once(shell, 'close')
  expect(presenceOf(identity)).toBe('running')
  expect(await run(home, ['list', '-f', 'json'], embedded)).toMatchObject({ exitCode: 0, stdout: '[]\n' })
})

test('when it is killed under a command, that fails clearly, and the next one starts another', async () => {
  const home = await makeHome()
  await run(home, ['create', 'before'], embedded)
  const argv = ['create', 'x', '--file', '-', '--disk-format', 'raw', '--retries', '0']
  const child = await startBundle(home, argv, embedded)
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  child.stdin?.on('error', () => undefined).write(Buffer.alloc(2 ** 20))
  await expect.poll(() => commandsIn(home)).toBe(1)
  process.kill((await runningIn(home)).pid, 'SIGKILL')
  child.stdin?.end()
  expect(await once(child, 'close')).toEqual([10, null])
  expect(stderr).toContain('warning: the process that ran the embedded cloud has ended')
  expect(stderr).toContain('cloud.log')
  expect((await run(home, ['show', 'before', '-f', 'value', '-c', 'name'], embedded)).stdout).toBe('before\n')
})

test('serve takes the folder from an idle background cloud, and not from one that a command uses', async () => {
  const home = await makeHome()
  await run(home, ['create', 'kept'], embedded)
  await serving(home, ['--port', '0', '--json'], async () => {
    expect((await run(home, ['list', '-f', 'value', '-c', 'name'], embedded)).stdout).toBe('kept\n')
    expect((await runningIn(home)).isBackground).toBe(false)
  })
  const user = await startBundle(home, ['create', 'x', '--file', '-', '--disk-format', 'raw'], embedded)
  await expect.poll(() => commandsIn(home)).toBe(1)
  expect(await run(home, ['serve', '--port', '0'])).toMatchObject({
    exitCode: 5,
    stderr: expect.stringContaining('tyrax serve --stop'),
  })
  user.stdin?.end('bytes')
  expect(await once(user, 'close')).toEqual([0, null])
})

test('a background cloud of an older tyrax is replaced once no command uses it', async () => {
  const home = await makeHome()
  await run(home, ['list'], embedded)
  const { pid } = await runningIn(home)
  const file = path.join(cloudFolder(home), 'running.json')
  const record = JSON.parse(await readFile(file, 'utf8')) as object
  await writeFile(file, JSON.stringify({ ...record, version: '0.0.9', bundle: 'another' }))
  expect(await run(home, ['list', '-f', 'json'], embedded)).toMatchObject({ exitCode: 0, stdout: '[]\n' })
  expect((await runningIn(home)).pid).not.toBe(pid)
})
