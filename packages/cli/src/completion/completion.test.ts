import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startCloud } from '@tyrax/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeHome } from '../testing/home.js'
import { run } from '../testing/in-process.js'

let cloud: Awaited<ReturnType<typeof startCloud>>
let home: string
let env: Record<string, string>
let duplicates: readonly string[]

const hostile = 'evil\u001B[31m'

beforeAll(async () => {
  cloud = await startCloud({ port: 0, config: { image: { stores: [{ id: 'fast', default: true }, { id: 'slow' }] } } })
  home = await makeHome()
  env = { OS_CLIENT_CONFIG_FILE: path.join(home, 'clouds.yaml'), OS_CLOUD: 'demo' }
  await writeFile(env['OS_CLIENT_CONFIG_FILE'] ?? '', cloud.cloudsYaml, { mode: 0o600 })
  await writeFile(path.join(home, 'data.raw'), 'data')
  for (const name of ['ubuntu:22.04', 'ubuntu:24.04', 'my $(x) image', 'my image', "it's", hostile]) {
    await tyrax(['create', name])
  }
  await tyrax(['set', "it's", '--tag', 'lts', '--property', 'team=blue'])
  const created = [await tyrax(['create', 'twice', '-f', 'id']), await tyrax(['create', 'twice', '-f', 'id'])]
  duplicates = created.map(({ stdout }) => stdout.trim())
  await tyrax(['object', 'container', 'create', 'c'])
  await tyrax(['object', 'put', 'c/a/b', '--file', 'data.raw'])
  await tyrax(['object', 'put', 'c/top', '--file', 'data.raw'])
})
afterAll(() => cloud.close())

const tyrax = (argv: readonly string[], more: Record<string, string> = {}) =>
  run(home, argv, { env: { ...env, ...more } })

/** The instruction for the shell, and the values and descriptions that it is offered. */
async function offered(words: readonly string[], more: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = await tyrax(['__complete', 'zsh', ...words], more)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  const [head = '', ...lines] = stdout.trimEnd().split('\n')
  const found = new Map(lines.map((line) => line.split('\t') as [string, string]))
  return { head, values: [...found.keys()], found }
}

test.each<[line: string, values: readonly string[]]>([
  ['tag ', ['add', 'rm', 'list']],
  ['help metadef tag ', ['list', 'show', 'add', 'rename', 'rm']],
  ['list --visibility ', ['public', 'private', 'shared', 'community', 'all']],
  ['list --visibility=', ['public', 'private', 'shared', 'community', 'all'].map((each) => `--visibility=${each}`)],
  ['--progress ', ['auto', 'plain', 'tty', 'json', 'none']],
  ['share list x -c ', ['image_id', 'member_id', 'status', 'created_at', 'updated_at']],
  ['create x --disk-format v', ['vhd', 'vhdx', 'vmdk', 'vdi']],
  ['create x --disk-format=au', ['--disk-format=auto']],
  ['set x --disk-format a', ['ami', 'ari', 'aki']],
  ['ensure x --container-format b', ['bare']],
  ['list --status d', ['deactivated', 'deleted']],
  ['list --sort s', ['status:', 'size:']],
  ['list --sort name:asc,s', ['name:asc,status:', 'name:asc,size:']],
  ['list --sort size:desc,s', ['size:desc,status:']],
  ['list --sort size:', ['size:asc', 'size:desc']],
  ['list --sort name:asc,size:d', ['name:asc,size:desc']],
  ['list -c min', ['min_disk', 'min_ram']],
  ['task list --type im', ['import']],
  ['inspect x --hash sha', ['sha256', 'sha512', 'sha384', 'sha1']],
  ['--os-auth-type v3oidcp', ['v3oidcpassword']],
  ['--os-cloud ', ['admin', 'demo', 'embedded']],
  ['store show ', ['fast', 'slow']],
  ['import x --store ', ['fast', 'slow']],
  ['create x --tag ', ['lts']],
  ["tag rm it's ", ['lts']],
  ['tag rm other ', []],
  ["unset it's --property ", ['team']],
  ['set x --property hw_cpu_policy=', ['hw_cpu_policy=shared', 'hw_cpu_policy=dedicated']],
  ['object list ', ['c']],
  ['object get c/', ['c/a/', 'c/top']],
  ['object get c/a/', ['c/a/b']],
  ['metadef property show OS::Compute::Watchdog ', ['watchdog_action']],
  ['schema show ima', ['image', 'images']],
  ['completion ', ['bash', 'zsh', 'fish', 'powershell']],
  ['nosuch ', []],
  ['show a b', []],
  ['show -- --', []],
])('%s', async (line, values) => {
  const { head, values: found } = await offered(line.split(' '))
  expect({ head, found: found.filter((each) => each.startsWith(line.split(' ').at(-1) ?? '')) }).toEqual({
    head: expect.stringMatching(/^nothing/),
    found: values,
  })
})

test('commands, groups and options have descriptions, and what a command ignores is not offered', async () => {
  const program = await offered([''])
  expect(program.found.get('list')).toBe('List images')
  expect(program.found.get('tag')).toBe('Tags of images.')
  const ofSet = await offered(['set', 'x', '--'])
  expect(ofSet.values[0]).toBe('--name')
  expect(ofSet.values).toEqual(expect.arrayContaining(['--protected', '--no-protected', '--os-cloud', '--help']))
  expect(ofSet.found.get('--no-protected')).toMatch(/^not: /)
  expect(ofSet.values).not.toContain('--os-password')
  expect((await offered(['serve', '--'])).values).not.toContain('--os-cloud')
})

test('images are offered by name; where that is not enough, by id', async () => {
  const { values, found } = await offered(['show', ''])
  const ids = values.filter((each) => /^[0-9a-f-]{36}$/.test(each))
  expect(values.filter((each) => !ids.includes(each))).toEqual([
    "it's",
    'my $(x) image',
    'my image',
    'ubuntu:22.04',
    'ubuntu:24.04',
  ])
  expect(ids).toEqual(expect.arrayContaining([...duplicates]))
  expect(ids).toHaveLength(3)
  expect([...found.values()].join('')).not.toContain('\u001B')
  const [id = ''] = duplicates
  expect((await offered(['show', id.slice(0, 8)])).values).toContain(id)
  expect((await offered(['rm', 'my image', ''])).values).not.toContain('my image')
})

test('what copy takes is completed in its own grammar', async () => {
  const { values } = await offered(['copy', ''])
  expect(values).toEqual(expect.arrayContaining(['my image', 'admin:', 'demo:', 'swift:', 'file:']))
  expect(values.filter((each) => each.startsWith('ubuntu'))).toEqual([])
  expect((await offered(['copy', 'demo:my'])).values).toEqual(expect.arrayContaining(['demo:my image']))
  expect((await offered(['copy', 'x', 'swift:c/'])).values).toEqual(['swift:c/a/', 'swift:c/top'])
  expect((await offered(['copy', 'file:da'])).values).toEqual(['file:data.raw'])
})

test('files and folders are left to the shell; where images can stand, too, both are offered', async () => {
  expect((await offered(['create', 'x', '--file', ''])).head).toBe('files goes-on')
  expect((await offered(['serve', '--data', ''])).head).toBe('folders goes-on')
  expect((await offered(['inspect', ''])).values).toEqual(expect.arrayContaining(['my image', 'data.raw']))
})

const breaks = ' \t\n"\'@><=;|&(:'
test.each<[line: string, replacement: readonly string[]]>([
  ['tyrax show ubuntu:2', ['22.04', '24.04']],
  ['tyrax show "ubuntu:2', ['ubuntu:22.04', 'ubuntu:24.04']],
  ['tyrax show my', [String.raw`my\ \$\(x\)\ image`, String.raw`my\ image`]],
  [String.raw`tyrax show my\ i`, [String.raw`my\ image`]],
  ['tyrax show "my $', ['my \\$(x) image']],
  ["tyrax show 'my i", ['my image']],
  ['tyrax show my" i', [' image']],
  ['tyrax show it', [String.raw`it\'s`]],
  ["tyrax show 'it", [String.raw`it'\''s`]],
  ['tyrax list --visibility=pu', ['public']],
  ['A=b cd x && B=c tyrax list --visib', ['--visibility']],
  ['tyrax 2>err lis', ['list']],
])('bash replaces what it has to in: %s', async (line, replacement) => {
  const { stdout } = await tyrax(['__complete', 'bash', line, breaks, '9', '80'])
  expect(stdout).toBe(`nothing\n${replacement.map((each) => `${each}\n`).join('')}`)
})

test('bash lists descriptions when it only lists, and completes files after a redirection', async () => {
  const listed = await tyrax(['__complete', 'bash', 'tyrax show ubuntu:2', breaks, '63', '60'])
  expect(listed.stdout.split('\n').slice(1, 3)).toEqual(
    ['22.04', '24.04'].map((each) => `${each}  (queued)`.padEnd(59)),
  )
  expect((await tyrax(['__complete', 'bash', 'tyrax list > o', breaks, '9', '80'])).stdout).toBe('files\n')
})

test('PowerShell hands the words over in a variable', async () => {
  const { stdout } = await tyrax(['__complete', 'powershell'], { TYRAX_COMPLETE_WORDS: "tag\nrm\nit's\n" })
  expect(stdout).toBe('nothing\nlts\t\n')
})

test('what is known is kept for the user alone, finds what is new, and outlives the cloud for a while', async () => {
  const other = await startCloud({ port: 0 })
  const more = { OS_CLIENT_CONFIG_FILE: path.join(home, 'other.yaml') }
  await writeFile(more.OS_CLIENT_CONFIG_FILE, other.cloudsYaml, { mode: 0o600 })
  await tyrax(['create', 'first'], more)
  expect((await offered(['show', ''], more)).values).toEqual(['first'])
  const folder = path.join(home, '.cache/tyrax/completion')
  for (const name of await readdir(folder)) {
    expect((await stat(path.join(folder, name))).mode & 0o777).toBe(0o600)
    expect(await readFile(path.join(folder, name), 'utf8')).not.toContain('secret')
  }
  await other.close()
  expect((await offered(['show', ''], more)).values).toEqual(['first'])
  expect((await offered(['show', 'nosuch'], more)).values).toEqual(['first'])
})

test('nothing is started, asked or said when there is no cloud', async () => {
  const empty = await makeHome()
  for (const cloudName of ['', 'embedded', 'nosuch']) {
    const words = ['__complete', 'zsh', ...(cloudName ? ['--os-cloud', cloudName] : []), 'show', '']
    expect(await run(empty, words)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^nothing/),
      stderr: '',
    })
  }
  // The command line may keep its compiled code there.
  const left = (await readdir(empty, { recursive: true })).filter(
    (name) => !/^\.cache(\/tyrax(\/code(\/.*)?)?)?$/.test(name),
  )
  expect(left).toEqual([])
  expect((await offered(['--password-stdin', 'show', ''])).values).toEqual([])
})

test('the embedded cloud is asked while it runs', async () => {
  const own = await makeHome()
  const embedded = { env: { OS_CLOUD: 'embedded' } }
  await run(own, ['create', 'in background'], embedded)
  const { stdout } = await run(own, ['__complete', 'zsh', 'show', ''], embedded)
  expect(stdout).toContain('in background\tqueued')
})

test('a passcode that is valid once is not used up', async () => {
  const { authUrl } = cloud
  const entry = {
    auth_type: 'v3totp',
    auth: { auth_url: authUrl, username: 'demo', passcode: '000000', project_name: 'demo' },
  }
  const more = { OS_CLIENT_CONFIG_FILE: path.join(home, 'totp.yaml'), OS_CLOUD: 'totp' }
  await writeFile(more.OS_CLIENT_CONFIG_FILE, JSON.stringify({ clouds: { totp: entry } }), { mode: 0o600 })
  expect((await offered(['show', ''], more)).values).toEqual([])
})

test('the script of every shell is printed, whatever the format', async () => {
  for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
    const { exitCode, stdout } = await tyrax(['completion', shell, '-f', 'json'])
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining(`__complete ${shell}`) })
  }
  expect(await tyrax(['completion', 'csh'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('bash, zsh'),
  })
})
