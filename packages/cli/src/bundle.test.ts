import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { access, readdir, readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { programHelp } from './run/program.js'
import { bin, startBundle as start } from './testing/bundle.js'
import { homeEnv, makeHome } from './testing/home.js'
import { type Ready, serving } from './testing/serving.js'
import { version } from './version.js'

async function finish(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const text = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()))
  child.stdin?.end()
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...text }
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = ''
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk)
    if (text.includes('\n')) break
  }
  return text
}

test('the bundle says its version and refuses what it does not know', async () => {
  const home = await makeHome()
  expect(await finish(await start(home, ['--version']))).toEqual({ code: 0, stdout: `tyrax ${version}\n`, stderr: '' })
  expect(await finish(await start(home, ['shw']))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean show'),
  })
})

test.each(['--help', '-h', 'help'])('%s prints what the definitions of the commands say', async (word) => {
  const home = await makeHome()
  expect(await finish(await start(home, [word]))).toEqual({ code: 0, stdout: programHelp([]), stderr: '' })
})

test('the bundle is ASCII, which is what its starter takes it for', async () => {
  const bytes = await readFile(new URL('../dist/tyrax.cjs', import.meta.url))
  expect(bytes.every((byte) => byte < 0x80)).toBe(true)
})

test('the bundle works on the embedded cloud', async () => {
  const home = await makeHome()
  expect(await finish(await start(home, ['--os-cloud', 'embedded', 'create', 'x', '-f', 'id']))).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^[0-9a-f-]{36}\n$/),
  })
  const code = path.join(home, '.cache', 'tyrax', 'code')
  const written = async () =>
    Promise.all((await readdir(code)).toSorted().map(async (name) => [name, (await stat(path.join(code, name))).ino]))
  const compiled = await written()
  expect(
    await finish(await start(home, ['--os-cloud', 'embedded', 'list', '-f', 'value', '-c', 'name'])),
  ).toMatchObject({
    code: 0,
    stdout: 'x\n',
  })
  // V8 takes no code that was compiled with other flags; the first command has changed some.
  expect(await written()).toEqual(compiled)
})

test('a list with a token of an earlier command needs one file of the bundle, the one that is small', async () => {
  const home = await makeHome()
  const { exitCode } = await serving(home, ['--port', '0', '--json', '--ephemeral'], async (ready) => {
    const { cloudsYaml } = JSON.parse(ready) as Ready
    const env = { OS_CLIENT_CONFIG_FILE: cloudsYaml, OS_CLOUD: 'demo' }
    const code = path.join(home, '.cache', 'tyrax', 'code')
    const list = async () => {
      await rm(code, { recursive: true, force: true })
      return finish(await start(home, ['list', '--visibility', 'private', '-c', 'name'], { env }))
    }
    await list()
    expect(await list()).toMatchObject({ code: 0, stderr: '' })
    expect(await readdir(code)).toEqual([expect.stringMatching(/^v\d[\w.]*-tyrax-/)])
  })
  expect(exitCode).toBe(0)
})

test.each([
  ['SIGTERM', 0],
  ['SIGINT', 0],
  ['SIGHUP', 0],
] as const)('serve ends cleanly on %s and takes its clouds.yaml away', async (signal, code) => {
  const home = await makeHome()
  const child = await start(home, ['serve', '--port', '0', '--json', '--ephemeral'])
  const ready = JSON.parse(await firstLine(child)) as { pid: number; cloudsYaml: string; authUrl: string }
  expect(ready.pid).toBe(child.pid)
  expect((await fetch(ready.authUrl)).status).toBe(200)
  child.kill(signal)
  expect(await once(child, 'close')).toEqual([code, null])
  await expect(access(ready.cloudsYaml)).rejects.toThrow('ENOENT')
})

test('a signal ends a command with its code', async () => {
  const home = await makeHome()
  const child = await start(home, ['--os-cloud', 'embedded', 'create', 'x', '--file', '-', '--disk-format', 'raw'])
  child.stdin?.write(Buffer.alloc(4096))
  let stderr = ''
  for await (const chunk of child.stderr ?? []) {
    stderr += String(chunk)
    if (stderr.includes('embedded')) break
  }
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([143, null])
})

test('a reader that leaves early is no failure', async () => {
  const home = await makeHome()
  const child = await start(home, ['--help'])
  child.stdout?.destroy()
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  expect(await once(child, 'close')).toEqual([0, null])
  expect(stderr).toBe('')
})

test('two commands joined by a pipe share one embedded cloud and end', async () => {
  const home = await makeHome()
  const made = await start(home, [
    '--os-cloud',
    'embedded',
    'create',
    'one',
    '--file',
    '-',
    '--disk-format',
    'raw',
    '-q',
  ])
  made.stdin?.write(Buffer.alloc(2 ** 20, 7))
  expect(await finish(made)).toMatchObject({ code: 0 })
  const env = { PATH: process.env['PATH'], ...homeEnv(home), OS_CLOUD: 'embedded' }
  const tyrax = `"${process.execPath}" "${bin}" -q`
  const line = `${tyrax} download one -o - | ${tyrax} create two --file - --disk-format raw -f value -c size`
  expect(await finish(spawn('sh', ['-c', line], { cwd: home, env }))).toMatchObject({ code: 0, stdout: `${2 ** 20}\n` })
})
