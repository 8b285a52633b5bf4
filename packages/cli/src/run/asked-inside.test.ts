import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import path from 'node:path'
import type { Writable } from 'node:stream'
import { type EmbeddedCloud, startCloud } from '@tyrax/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleIdentity } from '../../bin/inside-cloud.cjs'
import { announce, type ControlAddress, release } from '../cloud/background/record.js'
import { bin } from '../testing/bundle.js'
import { cloudFolder, homeEnv, makeHome } from '../testing/home.js'
import { createRunInside } from './run-inside.js'

let cloud: EmbeddedCloud
beforeAll(async () => (cloud = await startCloud({ port: 0 })))
afterAll(() => cloud.close())

/** A process that runs a cloud, whose connections to commands the test has in its hands. */
async function scripted(onRun: (socket: Socket, lines: () => Promise<string>) => Promise<void>) {
  const home = await makeHome()
  const folder = cloudFolder(home)
  const serve = (socket: Socket) => {
    socket.on('error', () => undefined)
    const lines = reading(socket)
    void (async () => {
      const wish = await lines()
      if (wish.endsWith(' run')) return onRun(socket, lines)
      return socket.write(`${JSON.stringify({ ok: true, commands: 1 })}\n`)
    })()
  }
  const server = createServer(serve)
  const byName = createServer(serve)
  const name = `\0tyrax-test-${process.pid}-${home}`
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await new Promise<void>((resolve) => byName.listen(name, resolve))
  const control: ControlAddress = { port: (server.address() as AddressInfo).port, name, key: 'key' }
  const login = { authUrl: cloud.authUrl, username: 'demo', password: 'secret' }
  const bundle = bundleIdentity(path.join(path.dirname(bin), '..'))
  await announce(folder, { ...login, control, isBackground: true, bundle })
  const run = createRunInside({ folder, ...login })
  const env = { PATH: process.env['PATH'], ...homeEnv(home), OS_CLOUD: 'embedded' }
  return {
    run,
    start: (
      argv: readonly string[],
      stdio: Parameters<typeof spawn>[2]['stdio'] = 'pipe',
      shell: readonly string[] = [],
    ) => {
      const [file = '', ...rest] = [...shell, process.execPath, bin, ...argv]
      return spawn(file, rest, { cwd: home, env, stdio })
    },
    /** Whether a command has loaded the command line. */
    hasLoaded: () =>
      access(path.join(home, '.cache', 'tyrax', 'code')).then(
        () => true,
        () => false,
      ),
    async [Symbol.asyncDispose]() {
      server.close()
      byName.close()
      await release(folder, control)
    },
  }
}

/** The lines that arrive, one for each call. */
function reading(socket: Socket): () => Promise<string> {
  let text = ''
  let more = () => {}
  socket.setEncoding('utf8').on('data', (data: string) => {
    text += data
    more()
  })
  return async () => {
    while (!text.includes('\n')) await new Promise<void>((resolve) => (more = resolve))
    const end = text.indexOf('\n')
    const line = text.slice(0, end)
    text = text.slice(end + 1)
    return line
  }
}

async function ended(child: ChildProcess) {
  const text = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()))
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { code, signal, ...text }
}

const never = new AbortController().signal

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s during a request ends the command as it does in its own process', async (name, code) => {
  let child: ChildProcess | undefined
  await using scene = await scripted(async (socket, lines) => {
    const request = await lines()
    child?.kill(name)
    const signal = await lines()
    socket.end((await scene.run(request, AbortSignal.abort(signal))) ?? '')
  })
  child = scene.start(['list'])
  expect(await ended(child)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(`stopped by ${name}`) })
  expect(await scene.hasLoaded()).toBe(false)
})

test('a second signal ends a command at once', async () => {
  let child: ChildProcess | undefined
  await using scene = await scripted(async (_, lines) => {
    await lines()
    child?.kill('SIGINT')
    await lines()
    child?.kill('SIGTERM')
  })
  child = scene.start(['list'])
  expect(await ended(child)).toMatchObject({ code: 143, stdout: '', stderr: '' })
})

test.each([
  ['refuses', (socket: Socket) => socket.destroy()],
  ['ends in the middle of the response', (socket: Socket) => socket.end('{"exitCode":0,"parts":[[2,5],[1,10]]}\nhalf')],
  ['ends in the middle of its head', (socket: Socket) => socket.end('{"exitCode":0,')],
])('when the process %s, the command runs alone, and prints everything once', async (_, end) => {
  await using scene = await scripted(async (socket, lines) => {
    await lines()
    end(socket)
  })
  expect(await ended(scene.start(['list', '-f', 'json']))).toMatchObject({ code: 0, stdout: '[]\n' })
  expect(await scene.hasLoaded()).toBe(true)
})

test('a signal is heard also when the process has ended meanwhile', async () => {
  let child: ChildProcess | undefined
  await using scene = await scripted(async (socket, lines) => {
    await lines()
    child?.kill('SIGINT')
    await lines()
    socket.destroy()
  })
  child = scene.start(['list'])
  expect(await ended(child)).toMatchObject({ code: 130, stderr: expect.stringContaining('stopped by SIGINT') })
})

const passOn = async (socket: Socket, lines: () => Promise<string>, run: ReturnType<typeof createRunInside>) =>
  socket.end((await run(await lines(), never)) ?? '')

test.skipIf(process.platform !== 'linux')('a full standard output is the same failure as alone', async () => {
  await using scene = await scripted(async (socket, lines) => void (await passOn(socket, lines, scene.run)))
  const full = () => ['ignore', openSync('/dev/full', 'w'), 'pipe'] as const
  const inside = await ended(scene.start(['list'], [...full()]))
  const json = await ended(scene.start(['list', '-f', 'json'], [...full()]))
  expect(await scene.hasLoaded()).toBe(false)
  expect(inside).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^using the embedded cloud in .*\nerror: Standard output cannot be written: no space/,
    ),
  })
  expect(json).toMatchObject({ code: 1, stderr: expect.stringMatching(/^\{"note".*\n\{"error":.*no space/) })
  expect(await ended(scene.start(['list', '--retries', '0'], [...full()]))).toEqual(inside)
  expect(await ended(scene.start(['list', '-f', 'json', '--retries', '0'], [...full()]))).toEqual(json)
})

test('a reader that has left is no failure', async () => {
  await using scene = await scripted(async (socket, lines) => {
    child.stdout?.destroy()
    await passOn(socket, lines, scene.run)
  })
  const child = scene.start(['list'])
  expect(await ended(child)).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error') })
  expect(await scene.hasLoaded()).toBe(false)
})

/** Leaves a pipe that does not wait for its reader. */
const unwaiting = `process.stdout; process.kill(process.pid, 'SIGKILL')`

test.each([
  // Node connects processes by sockets, shells by pipes.
  ['a socket', []],
  ['a pipe', ['/bin/sh', '-c', '"$@" | { read go <&3; cat; exit 7; }', 'sh']],
  [
    'a pipe that does not wait',
    ['/bin/sh', '-c', '{ { "$1" -e "$0"; } 2>/dev/null; "$@"; } | { read go <&3; cat; exit 7; }', unwaiting],
  ],
])('a slow reader at the end of %s gets everything', async (_, shell) => {
  const text = 'line\n'.repeat(150_000)
  await using scene = await scripted(async (socket, lines) => {
    await lines()
    socket.end(`{"exitCode":7,"parts":[[2,2],[1,${text.length}],[2,3]]}\na\n${text}end`)
  })
  const child = scene.start(['list'], ['ignore', 'pipe', 'pipe', 'pipe'], shell)
  child.stdout?.pause()
  await once(child.stderr ?? child, 'data')
  ;(child.stdio[3] as Writable).on('error', () => undefined).write('go\n')
  child.stdout?.resume()
  const { code, stdout, stderr } = await ended(child)
  expect({ code, stderr }).toEqual({ code: 7, stderr: 'end' })
  expect(stdout === text).toBe(true)
})
