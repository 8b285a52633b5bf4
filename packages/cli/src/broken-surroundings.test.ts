import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { bin, runBundle } from './testing/bundle.js'
import { homeEnv, makeHome } from './testing/home.js'
import { version } from './version.js'

let home: string
beforeAll(async () => {
  home = await makeHome()
  await runBundle(home, ['--os-cloud', 'embedded', 'create', 'one', '-q'])
})

/** Runs a shell command line, in which `$TYRAX` is the command. */
async function shell(line: string, env: Readonly<Record<string, string>> = {}) {
  const child = spawn('sh', ['-c', line], {
    cwd: home,
    env: {
      PATH: process.env['PATH'],
      ...homeEnv(home),
      OS_CLOUD: 'embedded',
      TYRAX: `${process.execPath} ${bin}`,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  // The announcement of the cloud always comes first; these tests are about the rest.
  return {
    code,
    stdout: text.stdout,
    stderr: text.stderr.replace(/^(?:using the embedded cloud|\{"note":"using)[^\n]*\n/, ''),
  }
}

const full = 'error: Standard output cannot be written: no space left on the device\n'

test.each(['--version --json', '--help', 'share --help', 'list --help', 'list -q', 'auth check -q'])(
  'a full standard output is one line and a failure: tyrax %s',
  async (argv) => {
    expect(await shell(`$TYRAX ${argv} > /dev/full`)).toEqual({ code: 1, stdout: '', stderr: full })
  },
)

test('bytes and the ready line into a full standard output are one line and a failure', async () => {
  await writeFile(path.join(home, 'data'), 'x'.repeat(2 ** 17))
  expect(await shell(`$TYRAX create two --file data --disk-format raw -q`)).toMatchObject({ code: 0 })
  expect(await shell(`$TYRAX download two -q --output - > /dev/full`)).toEqual({ code: 1, stdout: '', stderr: full })
  expect(await shell(`$TYRAX serve --ephemeral --port 0 > /dev/full`)).toEqual({ code: 1, stdout: '', stderr: full })
  expect(await shell(`$TYRAX -f json list -q > /dev/full`)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('{"error":{"code":"failure","name":"OutputError"'),
  })
})

test('--version says in one line that it cannot be written', async () => {
  expect(await shell('$TYRAX --version > /dev/full')).toEqual({ code: 1, stdout: '', stderr: full })
  expect(await shell('$TYRAX --version > /dev/full 2>&1')).toEqual({ code: 1, stdout: '', stderr: '' })
})

test('a standard error that takes nothing changes no result', async () => {
  for (const nowhere of ['2> /dev/full', '2>&-']) {
    expect(await shell(`$TYRAX list -f value -c name ${nowhere}`)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/one/),
    })
    expect(await shell(`$TYRAX list --nope ${nowhere}`)).toMatchObject({ code: 2, stdout: '' })
    expect(await shell(`$TYRAX show nothing --debug ${nowhere}`)).toMatchObject({ code: 3, stdout: '' })
  }
  expect(await shell(`$TYRAX list > /dev/full 2>&1`)).toEqual({ code: 1, stdout: '', stderr: '' })
})

test('streams that are closed, and a reader that leaves early, are no failure', async () => {
  expect(await shell('$TYRAX list -q >&-')).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(await shell('$TYRAX list -q <&- >&- 2>&-')).toEqual({ code: 0, stdout: '', stderr: '' })
  for (const argv of ['--help', '--version', 'list -q', 'download two -q --output -']) {
    const line = `{ $TYRAX ${argv}; echo "code $?" >&2; } | true`
    expect(await shell(line)).toEqual({ code: 0, stdout: '', stderr: 'code 0\n' })
  }
})

test('a home in which nothing can be made costs the caches, or is one error', async () => {
  for (const folder of ['/proc', '/dev/null', '/nonexistent/\u0001']) {
    const env = { HOME: folder, XDG_CACHE_HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder }
    expect(await shell('$TYRAX --version', env)).toEqual({ code: 0, stdout: `tyrax ${version}\n`, stderr: '' })
    expect(await shell('$TYRAX list --help', env)).toMatchObject({ code: 0, stderr: '' })
    if (folder.startsWith('/nonexistent')) continue
    const { code, stdout, stderr } = await shell('$TYRAX -q list', env)
    expect({ folder, code, stdout }).toEqual({ folder, code: 1, stdout: '' })
    expect(stderr).toMatch(/^error: [^\n]+\nhint: [^\n]+\n$/)
  }
  const data = path.join(home, '.local', 'share')
  const kept = await shell('unset HOME XDG_CONFIG_HOME; $TYRAX -q list -f value -c name', {
    XDG_CACHE_HOME: '/proc',
    XDG_DATA_HOME: data,
  })
  expect(kept).toMatchObject({ code: 0, stdout: expect.stringMatching(/one/), stderr: '' })
})

test('a current folder that is gone is one error, and help needs none', async () => {
  const gone = 'mkdir gone && cd gone && rmdir ../gone &&'
  const { code, stdout, stderr } = await shell(`${gone} $TYRAX -q list`)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toBe('error: The current folder no longer exists\nhint: change to another folder\n')
  expect(await shell(`${gone} $TYRAX --help`)).toMatchObject({ code: 0, stderr: '' })
})

test('what no command foresees is one line, and a stack with --debug', async () => {
  await writeFile(
    path.join(home, 'crash.cjs'),
    `process.on('newListener', (name) => {
    if (name === 'uncaughtException') setImmediate(() => { throw new Error('at\\u001B[2J\\nonce') })
  })`,
  )
  const crash = `${process.execPath} -r ./crash.cjs ${bin} -q auth check`
  expect(await shell(crash)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^error: tyrax itself failed: at\\x1b\[2J\\nonce\nhint: [^\n]+\n$/),
  })
  expect(await shell(`${crash} --debug`)).toMatchObject({ code: 1, stderr: expect.stringMatching(/crash\.cjs:2/) })
})

test.each(['12.22.12', '18.20.8', '20.18.3'])('Node %s is told in one line that it is too old', async (node) => {
  await writeFile(
    path.join(home, 'old.cjs'),
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${node}' } })`,
  )
  expect(await shell(`${process.execPath} -r ./old.cjs ${bin} list`)).toEqual({
    code: 1,
    stdout: '',
    stderr: `error: tyrax needs Node 20.19 or newer, and this is ${node}\n`,
  })
})
