import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Cloud } from '@tyrax/sdk'
import { startCloud } from '@tyrax/server'
import { parse } from 'yaml'
import { bin, runBundle } from '../testing/bundle.js'
import { homeEnv, makeHome } from '../testing/home.js'

const name = 'n\u001B[2J\u0007\u0008\rX\u009B31m\u007F\u202Egpj\u2066\u200B\u2028\nsecond,"line"'
const key = 'k\u001B]0;title\u0007\u202E\u009B\nforged=1'
const shownName = String.raw`n\x1b[2J\x07\x08\rX\x9b31m\x7f\u202egpj\u2066\u200b\u2028\nsecond`

let cloud: Awaited<ReturnType<typeof startCloud>>
let client: Cloud
let home: string
let env: Record<string, string>
let id: string

beforeAll(async () => {
  cloud = await startCloud({ port: 0 })
  home = await makeHome()
  env = { OS_CLIENT_CONFIG_FILE: path.join(home, 'clouds.yaml'), OS_CLOUD: 'demo', COLUMNS: '400' }
  await writeFile(path.join(home, 'clouds.yaml'), cloud.cloudsYaml, { mode: 0o600 })
  const auth = { authUrl: cloud.authUrl, username: 'demo', password: 'secret', projectName: 'demo' }
  client = await connect({ auth: { ...auth, userDomainName: 'Default', projectDomainName: 'Default' } })
  id = (await client.images.create({ name, diskFormat: 'raw', properties: { [key]: `v${name}` } })).id
})
afterAll(async () => {
  await client.close()
  await cloud.close()
})

/** Runs a shell command line in its own terminal. */
async function inTerminal(command: string): Promise<string> {
  const child = spawn('script', ['-qefc', `stty cols 400; ${command}`, '/dev/null'], {
    cwd: home,
    env: { PATH: process.env['PATH'], ...homeEnv(home), ...env, TERM: 'xterm', TYRAX: `${process.execPath} ${bin}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(child, 'close')
  return Buffer.concat(chunks).toString().replaceAll('\r\n', '\n')
}

/** Everything that a terminal would interpret or not show, except our own styles, line ends and redrawn lines. */
function unseen(text: string): string[] {
  // oxlint-disable-next-line no-control-regex
  const own = /\u001B\[(?:[12]|22|3[1239])m|\r\u001B\[(?:J|\?7l)|\u001B\[\?7h\r(?:\u001B\[\d+A)?|\u001B\[[JK]|\n/g
  const without = text.replaceAll(own, '')
  return without.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu) ?? []
}

test.each(['table', 'json', 'jsonl', 'yaml', 'csv', 'value', 'id'])(
  'a terminal gets nothing of a name or a key that it would obey, with -f %s',
  async (format) => {
    for (const command of [`show ${id}`, 'list', `list -c name -c properties`]) {
      const text = await inTerminal(`$TYRAX ${command} -f ${format}`)
      expect(text).not.toBe('')
      expect(unseen(text)).toEqual([])
    }
  },
)

test.each(['csv', 'value'])('a terminal shows what a name is made of, with -f %s', async (format) => {
  expect(await inTerminal(`$TYRAX list -f ${format} -c name`)).toContain(shownName)
})

test('tables on a terminal are as wide as what is shown', async () => {
  const lines = (await inTerminal(`$TYRAX list --color never`)).trimEnd().split('\n')
  expect(lines).toHaveLength(5)
  expect(new Set(lines.map(({ length }) => length)).size).toBe(1)
  expect(lines[3]).toContain(shownName)
})

test('each stream is judged by itself', async () => {
  const text = await inTerminal(`$TYRAX list -f value -c name > out; $TYRAX show 'no such image' -f value 2> err`)
  expect(text).toBe('')
  expect(await readFile(path.join(home, 'out'), 'utf8')).toBe(`${name.replace('\r', '\\r').replace('\n', '\\n')}\n`)
  const shown = await inTerminal(`$TYRAX list -f value -c name 2> err`)
  expect(unseen(shown)).toEqual([])
})

test('errors, notes, stacks, traces and progress show what they were given', async () => {
  await writeFile(path.join(home, 'hostile.sh'), `"$@" "$(printf 'x\\033[2J\\302\\2331m\\342\\200\\256\\ny')"\n`)
  for (const command of [
    'sh hostile.sh $TYRAX show',
    'sh hostile.sh $TYRAX --debug show',
    'sh hostile.sh $TYRAX -f json show',
    'sh hostile.sh $TYRAX',
    'sh hostile.sh $TYRAX share',
    'sh hostile.sh $TYRAX list -f',
    'sh hostile.sh $TYRAX list -c',
    'sh hostile.sh $TYRAX list --os-cloud',
    'sh hostile.sh $TYRAX download --output a',
    'sh hostile.sh $TYRAX rm --if-exists',
    `$TYRAX unset ${id} --property "$(printf 'x\\033[2J')"`,
    `$TYRAX create "$(printf 'x\\033[2J\\ny')" --file hostile.sh --disk-format raw --debug`,
  ]) {
    const text = await inTerminal(`${command} 2>&1`)
    expect(text).toMatch(/\\(?:x|u00)1b\[2J/)
    expect({ command, unseen: unseen(text) }).toEqual({ command, unseen: [] })
  }
})

test('a pipe gets text as it is, and one record a line', async () => {
  const run = async (...argv: string[]) => (await runBundle(home, argv, { env })).stdout
  const onOneLine = name.replace('\r', '\\r').replace('\n', '\\n')
  expect(await run('show', id, '-f', 'value', '-c', 'name')).toBe(`${onOneLine}\n`)
  expect((await run('list', '--status', 'queued', '-f', 'value')).split('\n')).toEqual([
    expect.stringContaining(onOneLine),
    '',
  ])
  expect(await run('show', id, '-f', 'csv', '-c', 'name')).toBe(`name\n"${name.replaceAll('"', '""')}"\n`)
  for (const format of ['json', 'yaml']) {
    const text = await run('show', id, '-f', format)
    const value: unknown = format === 'json' ? JSON.parse(text) : parse(text)
    expect(value).toMatchObject({ name, properties: { [key]: `v${name}` } })
    expect(unseen(text)).toEqual([])
  }
})
