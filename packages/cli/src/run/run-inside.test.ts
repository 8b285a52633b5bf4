import { access, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import path from 'node:path'
import { startCloud } from '@tyrax/server'
import { beforeAll, expect, test } from 'vitest'
import { commands, flags, valued, variables } from '../../bin/inside-cloud.cjs'
import type { RunningCloud } from '../cloud/background/record.js'
import { allGlobalOptions } from '../command/globals.js'
import { commandEntries } from '../commands/index.js'
import { runBundle } from '../testing/bundle.js'
import type { Ran } from '../testing/command-line.js'
import { cloudFolder, makeHome } from '../testing/home.js'
import { createRunInside } from './run-inside.js'

const embedded = { OS_CLOUD: 'embedded' }
/** Node with an option: such a command always runs in its own process. */
const alone = { NODE_OPTIONS: '--no-deprecation' }

let home: string
let id: string

beforeAll(async () => {
  home = await makeHome()
  const tyrax = (...argv: string[]) => runBundle(home, argv, { env: embedded, stdin: 'bytes' })
  await tyrax('create', 'plain')
  const { stdout } = await tyrax(
    'create',
    'Grüße 日本',
    '--file',
    '-',
    '--disk-format',
    'raw',
    '--tag',
    'ci',
    '-f',
    'id',
  )
  id = stdout.trim()
  await tyrax('set', id, '--property', 'os_distro=debian', '--property', `note=two\nlines ${'x'.repeat(300)}`)
  await tyrax('object', 'container', 'create', 'box')
  await writeFile(path.join(home, 'data'), 'data')
  await tyrax('object', 'put', 'box/data', '--file', 'data')
})

/** A cache of its own: a command that loads the command line leaves its compiled code there. */
const caches: string[] = []
function cacheOf(name: string): Record<string, string> {
  caches.push(name)
  return { XDG_CACHE_HOME: path.join(home, name) }
}
const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  )
const hasLoaded = (name: string) => isThere(path.join(home, name, 'tyrax', 'code'))

/** Every request has another id. */
const comparable = ({ exitCode, stdout, stderr }: Ran) => ({
  exitCode,
  stdout,
  stderr: stderr.replaceAll(/request id: \S+/g, 'request id: ID'),
})

const rows: readonly (readonly [line: string, env?: Readonly<Record<string, string>>])[] = [
  ['list'],
  ['list --long'],
  ['list -q'],
  ...['table', 'json', 'jsonl', 'yaml', 'csv', 'value', 'shell', 'id'].map((format) => [`list -f ${format}`] as const),
  ['list -fjson --noindent'],
  ['list --format=csv --quote all -c name -c size'],
  ['list --sort-column name --sort-descending -c name -f value'],
  ...[20, 40, 60, 80, 200].map((width) => [`list --max-width ${width}`] as const),
  ['list --fit-width', { COLUMNS: '50' }],
  ['list', { CLIFF_FIT_WIDTH: '1', COLUMNS: '45' }],
  ['list', { CLIFF_MAX_TERM_WIDTH: '70' }],
  ['list', { NO_COLOR: '1' }],
  ['list', { FORCE_COLOR: '1' }],
  ['list', { FORCE_COLOR: '1', NO_COLOR: '1' }],
  ['list', { CLICOLOR_FORCE: '1', TERM: 'dumb' }],
  ['list --color always -q'],
  ['list -f json', { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8', LC_ALL: 'ja_JP.UTF-8' }],
  ['list --long', { TZ: 'America/St_Johns', LANG: 'C' }],
  ['list nothing~other', { TYRAX_PROGRESS: 'json' }],
  ['list tag=ci'],
  ['list age<2d -f value -c name', { TZ: 'Pacific/Kiritimati' }],
  ['list created_at>2024-01-01 -c name', { TZ: 'Pacific/Kiritimati' }],
  ['list --tag ci -f id'],
  ['list --limit 0'],
  ['list --limit x'],
  ['list --sort nothing:up'],
  ['list -f nothing'],
  ['list -c nothing'],
  ['list -c nothing', { FORCE_COLOR: '1' }],
  ['list too many arguments -f json'],
  ['list --marker nothing', { TYRAX_PROGRESS: 'json' }],
  ['show plain'],
  ['show plain --max-width 30'],
  ['show ID -f json'],
  ['show ID --fit-width'],
  ['show missing'],
  ['show missing -q -f json'],
  ['show'],
  ['image list --long'],
  ['image show plain -f yaml'],
  ['tag list ID'],
  ['share list plain'],
  ['share inbox'],
  ['share show plain demo'],
  ['store list'],
  ['store list --detail'],
  ['store show nothing'],
  ['task list'],
  ['task list --image ID'],
  ['task show nothing'],
  ['location list ID'],
  ['usage'],
  ['import-methods -f json'],
  ['schema show image'],
  ['cache list'],
  ['object list'],
  ['object list box --prefix d'],
  ['object stat box/data'],
  ['object stat box/nothing'],
  ['object container show box -f shell --shell-prefix x_'],
  ['metadef namespace list'],
  ['metadef namespace show nothing'],
  ['metadef resource-type list'],
]

test(
  'a command prints the same inside the background process as alone, and ends alike',
  { timeout: 120_000 },
  async () => {
    const isInside = cacheOf('inside')
    for (const [line, env = {}] of rows) {
      const argv = line.split(' ').map((word) => (word === 'ID' ? id : word))
      const inside = await runBundle(home, argv, { env: { ...embedded, ...env, ...isInside } })
      const apart = await runBundle(home, argv, { env: { ...embedded, ...env, ...alone } })
      expect({ line, ...comparable(inside) }).toEqual({ line, ...comparable(apart) })
      expect([line, await hasLoaded('inside')]).toEqual([line, false])
    }
  },
)

test('many commands at once get their own output each', { timeout: 60_000 }, async () => {
  const env = { ...embedded, ...cacheOf('many') }
  const names = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? `missing-${index}` : 'plain'))
  const ran = await Promise.all(
    names.map((name) => runBundle(home, ['show', name, '-f', 'value', '-c', 'name'], { env })),
  )
  expect(ran.map(({ exitCode, stdout }) => ({ exitCode, stdout }))).toEqual(
    names.map((name) => (name === 'plain' ? { exitCode: 0, stdout: 'plain\n' } : { exitCode: 3, stdout: '' })),
  )
  expect(ran.map(({ stderr }) => /missing-\d+/.exec(stderr)?.[0] ?? 'plain')).toEqual(names)
  expect(await hasLoaded('many')).toBe(false)
})

test('a long list arrives whole, in a process of its own when it is too long for the shared one', async () => {
  const other = await makeHome()
  const tyrax = (argv: readonly string[], env = {}) => runBundle(other, argv, { env: { ...embedded, ...env } })
  await tyrax(['create', 'first'])
  const names = Array.from({ length: 12 }, (_, index) => `image-${index}`)
  const long = 'x'.repeat(30_000)
  for (const name of names) await tyrax(['create', name, '--property', `a=${long}`, '--property', `b=${long}`])
  const list = async (name: string, ...more: string[]) => {
    const { stdout } = await tyrax(['list', '-f', 'json', ...more], { XDG_CACHE_HOME: path.join(other, name) })
    return (JSON.parse(stdout) as { name: string; properties: { a?: string } }[]).map((image) => image.name)
  }
  const isAlone = async (name: string) => isThere(path.join(other, name, 'tyrax', 'code'))
  expect(await list('few', '--limit', '5')).toEqual(names.toReversed().slice(0, 5))
  expect(await isAlone('few')).toBe(false)
  expect(await list('all')).toEqual([...names.toReversed(), 'first'])
  expect(await isAlone('all')).toBe(true)
})

test('a command that is being run counts as a use of the process', async () => {
  const { control } = JSON.parse(await readFile(path.join(cloudFolder(home), 'running.json'), 'utf8')) as RunningCloud
  const socket = connect(control.port, '127.0.0.1')
  socket.write(`${control.key} run\n{"argv":`)
  const commandsNow = async () => {
    const { stdout } = await runBundle(home, ['serve', '--status', '--json'])
    return (JSON.parse(stdout) as { commands: number }).commands
  }
  await expect.poll(commandsNow).toBe(1)
  socket.destroy()
  await expect.poll(commandsNow).toBe(0)
})

test.each([
  ['changes something', { argv: ['rm', 'plain'] }],
  ['does something else than reading a cloud', { argv: ['doctor'] }],
  ['means a cloud of another folder', { env: { TYRAX_DATA_DIR: '/nowhere' } }],
  ['means another cloud', { env: { OS_CLOUD: 'other' } }],
  ['needs a variable that was not sent', { withoutVariable: 'TERM' }],
])(
  'the process itself refuses a request that %s',
  async (_, { argv = ['list'], env = {}, withoutVariable }: Refused) => {
    const cloud = await startCloud({ port: 0 })
    const folder = '/home/test/cloud'
    const run = createRunInside({ folder, authUrl: cloud.authUrl, username: 'demo', password: 'secret' })
    const known = Object.fromEntries([...variables].map((name) => [name, null]))
    const whole: Record<string, unknown> = { ...known, OS_CLOUD: 'embedded', TYRAX_DATA_DIR: '/home/test', ...env }
    const ask = (changed: object) =>
      run(JSON.stringify({ argv, env: whole, cwd: '/', stdout: { isTTY: true }, stderr: {}, ...changed }), never)
    if (withoutVariable !== undefined) delete whole[withoutVariable]
    expect(await ask({})).toBeUndefined()
    await cloud.close()
  },
)

interface Refused {
  readonly argv?: unknown
  readonly env?: object
  readonly withoutVariable?: string
}

const never = new AbortController().signal

test.each([
  ['changes something', ['set', 'plain', '--property', 'a=b'], {}],
  ['traces', ['list', '--debug'], {}],
  ['has an option that such a command does not have', ['list', '--deadline', '10s'], {}],
  ['follows an option of Node', ['list'], alone],
  ['means another cloud', ['--os-cloud', 'other', 'list'], {}],
  ['names two clouds', ['--os-cloud', 'embedded', '--os-cloud', 'embedded', 'list'], {}],
])('a command that %s runs in its own process', async (name, argv, env) => {
  await runBundle(home, argv, { env: { ...embedded, ...env, ...cacheOf(name) } })
  expect(await hasLoaded(name)).toBe(true)
})

test('a background process of another version runs no commands', async () => {
  const file = path.join(cloudFolder(home), 'running.json')
  const record = await readFile(file, 'utf8')
  const { bundle } = JSON.parse(record) as { bundle: string }
  await writeFile(file, record.replace(bundle, `${bundle}1`))
  const ran = await runBundle(home, ['list', '-f', 'id'], { env: { ...embedded, ...cacheOf('version') } })
  await writeFile(file, record)
  expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(id) })
  expect(await hasLoaded('version')).toBe(true)
})

const found = await Promise.all(
  commandEntries
    .filter(({ path: words }) => commands.has(words.join(' ')))
    .map(async ({ path: words, load }) => ({ words: words.join(' '), command: await load() })),
)

test('options that are recognised without the command line take a value there as they do in it', () => {
  const mistakes = found.flatMap(({ words, command }) =>
    [...Object.values(command.options), ...Object.values(allGlobalOptions)].flatMap(({ flags: syntax }) => {
      const wrong = syntax.includes('<') ? flags : valued
      const names = syntax.match(/-{1,2}[a-z][a-z0-9-]*/g) ?? []
      return names.filter((name) => wrong.has(name)).map((name) => `${words} ${name}`)
    }),
  )
  expect(mistakes).toEqual([])
})

test('all commands that are recognised exist', () => {
  const habits = ['image list', 'image show']
  expect([...found.map(({ words }) => words), ...habits].toSorted()).toEqual([...commands].toSorted())
})
