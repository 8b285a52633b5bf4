import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCloud } from '@tyrax/server'
import { outputSchema } from '../command/output-schema.js'
import { commandEntries } from '../commands/index.js'
import { makeHome } from '../testing/home.js'
import { run } from '../testing/in-process.js'
import { complaintsAbout } from '../testing/json-schema.js'

let cloud: Awaited<ReturnType<typeof startCloud>>
let home: string
let env: Record<string, string>

beforeAll(async () => {
  const image = { stores: [{ id: 'fast', default: true }, { id: 'slow' }], cache: true, showMultipleLocations: true }
  cloud = await startCloud({ port: 0, config: { image } })
  home = await makeHome()
  env = { OS_CLIENT_CONFIG_FILE: path.join(home, 'clouds.yaml'), OS_CLOUD: 'demo' }
  await writeFile(path.join(home, 'clouds.yaml'), cloud.cloudsYaml, { mode: 0o600 })
  await writeFile(path.join(home, 'data'), 'data')
  await tyrax('object container create c')
  await tyrax('object put c/o --file data')
  await tyrax('create kept --file data --disk-format raw --property os_distro=debian --property team=blue --tag t')
  await tyrax('set kept --visibility shared')
})
afterAll(() => cloud.close())

const tyrax = (line: string) => run(home, line.split(' '), { env })
const names = async () => (await tyrax('list --sort name -f value -c name')).stdout
const shown = async () => (await tyrax('show kept -f json')).stdout

test.each([
  ['create new -c', 'nosuch'],
  ['create new --file data --disk-format raw -c', 'verdct'],
  ['create new -c', 'team'],
  ['create new -f id -c', 'nosuch'],
  ['set kept --min-ram 5 -c', 'nmae'],
  ['unset kept --property team -c', 'nosuch'],
  ['gc -c', 'nosuch'],
  ['download kept --output out -c', 'sise'],
  ['object put c/new --file data -c', 'nosuch'],
  ['object get c/o --output out -c', 'size'],
  ['object container create new -c', 'id'],
  ['share add kept 0123456789abcdef0123456789abcdef -c', 'nosuch'],
  ['tag list kept -c', 'tag'],
  ['auth token -c', 'tokn'],
  ['list -c', 'disk_fromat'],
])('%s %s is refused before anything happens', async (line, column) => {
  const before = [await names(), await shown()]
  const { exitCode, stdout, stderr } = await tyrax(`${line} ${column}`)
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toContain(`There is no column "${column}"`)
  expect(stderr).toContain('the columns are ')
  expect([await names(), await shown()]).toEqual(before)
  await expect(readFile(path.join(home, 'out'))).rejects.toThrow('ENOENT')
  expect((await tyrax('object list -f value -c name')).stdout).toBe('c\n')
  expect((await tyrax('object list c -f value -c name')).stdout).toBe('o\n')
  expect((await tyrax('share list kept -f json')).stdout).toBe('[]\n')
})

test('a column that is like a known one is said to be it, and a property by its full name is none', async () => {
  expect((await tyrax('create new -c verdct')).stderr).toContain('did you mean verdict?')
  expect((await tyrax('list -c Disk-Fromat')).stderr).toContain('did you mean disk_format?')
  expect((await tyrax('create new -c team')).stderr).toContain('for a custom property use -c properties.NAME')
  expect((await tyrax('show kept -f value -c properties.team -c properties.nosuch')).stdout).toBe('blue\n\n')
})

test.each([
  ['create a -f value -c verdict -c decompressed -c source_checksum -c size', '\n\n\n\n'],
  ['create b --file data --disk-format raw -f value -c verdict -c decompressed', 'verified\n\n'],
  ['create c --property team=red -f value -c team -c os_distro', 'red\n\n'],
  [
    'create d -f json -c checksum -c os_hash_value -c direct_url',
    '{"checksum":null,"os_hash_value":null,"direct_url":null}',
  ],
  ['show kept -f value -c os_distro -c hw_disk_bus', 'debian\n\n'],
  ['show kept -f csv -c team', 'team\nblue\n'],
  ['set kept --property os_version=1 -f value -c os_version -c os_admin_user', '1\n\n'],
  ['list --name kept -f value -c team -c hw_disk_bus', 'blue \n'],
  ['list --name none -f csv -c team', 'team\n'],
  ['object list -f value -c name -c hash', 'c \n'],
])('%s prints what is there, and nothing for what is not', async (line, output) => {
  const { exitCode, stdout, stderr } = await tyrax(line)
  expect({ line, exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ line, exitCode: 0, stderr: '' })
  expect(line.includes('json') ? stdout.replaceAll(/\s/g, '') : stdout).toBe(output)
})

test('-f id is refused at once where records have neither id nor name', async () => {
  const { exitCode, stderr } = await tyrax('share reset kept -f id')
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('These records have no id') })
  expect((await tyrax('share list kept -f json')).stdout).toBe('[]\n')
})

test('every command declares the columns that it prints', async () => {
  const lines = [
    'create e --file data --disk-format raw --checksum md5:8d777f385d3dfec8815d20f7496026dc',
    'create f --disk-format raw --container-format bare',
    'upload f --file data',
    'show kept',
    'list',
    'set kept --min-ram 3',
    'unset kept --tag t',
    'tag add kept u',
    'tag rm kept u',
    'deactivate kept',
    'reactivate kept',
    'cache queue kept --dry-run',
    'gc --dry-run',
    'download kept --output out1',
    'copy kept copied',
    'ensure kept --file data --disk-format raw --min-ram 4',
    'inspect data --hash md5',
    'inspect kept --hash md5',
    'share add kept 0123456789abcdef0123456789abcdef',
    'share list kept',
    'share show kept 0123456789abcdef0123456789abcdef',
    'share rm kept 0123456789abcdef0123456789abcdef --dry-run',
    'rm kept --dry-run',
    'share inbox',
    'tag list kept',
    'object put c/p --file data',
    'object get c/o --output out2',
    'object stat c/o',
    'object list',
    'object list c',
    'object gc c',
    'object container create more',
    'auth token',
    'serve --status --os-cloud embedded',
    'auth check',
    'config explain',
    'doctor',
    'create staged',
    'stage staged --file data --disk-format raw',
    'import staged --method glance-direct --wait',
    'wait staged',
    'import-methods',
    'object container show c',
    'store list',
    'store show slow',
    'location list kept',
    'task list staged',
    'usage',
    'schema show image',
    'serve --status',
    ...[
      'task list',
      'cache list',
      'cache prune',
      'metadef namespace list',
      'metadef namespace create N',
      'metadef namespace set N --visibility public',
      'metadef namespace show N',
      'metadef resource-type add N OS::Glance::Image',
      'metadef resource-type list N',
      'metadef property create N p --title P --type string',
      'metadef property set N p --title Q',
      'metadef property list N',
      'metadef property show N p',
      'metadef object create N o',
      'metadef object set N o --description d',
      'metadef object list N',
      'metadef object show N o',
      'metadef tag list N',
      'metadef namespace export N',
      'metadef namespace import namespace.json',
      'metadef tag show imported t',
    ].map((line) => `${line} --os-cloud admin`),
  ]
  await writeFile(path.join(home, 'namespace.json'), '{"namespace":"imported","tags":[{"name":"t"}]}')
  const seen = new Set<string>()
  const check = async (line: string) => {
    const { exitCode, stdout, stderr } = await tyrax(`${line} -f json`)
    expect({ line, exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ line, exitCode: 0, stderr: '' })
    const entry = commandEntries.find(({ path: words }) => `${line} `.startsWith(`${words.join(' ')} `))
    const command = await entry?.load()
    const columns = command?.columns
    const printed = JSON.parse(stdout) as object
    const keys = (Array.isArray(printed) ? printed : [printed]).flatMap((row: object) => Object.keys(row))
    expect({ line, keys: keys.filter((key) => !columns?.names.includes(key)) }).toEqual({ line, keys: [] })
    const schema = command && outputSchema(entry?.path ?? [], command)
    expect({ line, wrong: schema && complaintsAbout(printed, schema) }).toEqual({ line, wrong: [] })
    seen.add(entry?.path.join(' ') ?? '')
    return printed
  }
  for (const line of lines) await check(line)
  const [task] = (await check('task list staged')) as [{ id: string }]
  await check(`task show ${task.id} --os-cloud admin`)
  for (const { path: words, load } of commandEntries) {
    const { columns } = await load()
    // Accept, reject and reset return the same record as `share add`.
    const isCovered = seen.has(words.join(' ')) || /^share (accept|reject|reset)$/.test(words.join(' '))
    expect({ words, isDeclared: columns.names.length > 0 }).toEqual({ words, isDeclared: isCovered })
  }
})
