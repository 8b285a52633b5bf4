import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect } from '@tyrax/sdk'
import { type EmbeddedCloud, startCloud } from '@tyrax/server'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { openTerminal, shells, type Terminal } from './typing.js'

const { app } = inject('projects')
const bin = path.join(app, 'node_modules/tyrax/bin/tyrax.js')

let server: EmbeddedCloud
let folder: string
let env: Record<string, string>

beforeAll(async () => {
  server = await startCloud({ port: 0 })
  folder = await mkdtemp(path.join(tmpdir(), 'tyrax-completion-'))
  env = { OS_CLIENT_CONFIG_FILE: path.join(folder, 'clouds.yaml'), OS_CLOUD: 'demo' }
  await writeFile(env['OS_CLIENT_CONFIG_FILE'] ?? '', server.cloudsYaml, { mode: 0o600 })
  const auth = { authUrl: server.authUrl, username: 'demo', password: 'secret', projectName: 'demo' }
  await using cloud = await connect({ auth })
  const names = [
    'ubuntu:22.04',
    'ubuntu:24.04',
    'big image',
    'my $(touch x) image',
    "it's",
    'say "hi"',
    'star*',
    'back\\slash',
  ]
  for (const name of names) await cloud.images.create({ name, diskFormat: 'raw' })
  await cloud.objects.createContainer('imgs')
})
afterAll(async () => {
  await server?.close()
  await rm(folder, { recursive: true, force: true })
})

describe.each(Object.keys(shells) as (keyof typeof shells)[])('%s', (shell) => {
  let terminal: Terminal
  beforeAll(async () => {
    terminal = await openTerminal(shell, bin, env)
  })
  afterAll(() => terminal?.[Symbol.asyncDispose]())

  test.each<[keys: string, args: readonly string[]]>([
    ['tyrax dow\t x --out\t', ['download', 'x', '--output']],
    ['tyrax list --vis\tpub\t', ['list', '--visibility', 'public']],
    ['tyrax list --visibility=pub\t', ['list', '--visibility=public']],
    ['tyrax create x --disk-format qc\t', ['create', 'x', '--disk-format', 'qcow2']],
    ['tyrax ensure x --disk-format=au\t', ['ensure', 'x', '--disk-format=auto']],
    ['tyrax set x --container-format ba\t', ['set', 'x', '--container-format', 'bare']],
    ['tyrax list --status deac\t', ['list', '--status', 'deactivated']],
    ['tyrax list --sort si\td\t', ['list', '--sort', 'size:desc']],
    ['tyrax list --sort name:asc,si\td\t', ['list', '--sort', 'name:asc,size:desc']],
    ['tyrax list --sort=up\ta\t', ['list', '--sort=updated_at:asc']],
    ['tyrax list -c min_d\t', ['list', '-c', 'min_disk']],
    ['tyrax list --column=os_hash_v\t', ['list', '--column=os_hash_value']],
    ['tyrax help metad\tnamesp\t', ['help', 'metadef', 'namespace']],
    ['tyrax show ub\t2\t', ['show', 'ubuntu:22.04']],
    ['tyrax show "ubuntu:24\t', ['show', 'ubuntu:24.04']],
    ['tyrax show big\t', ['show', 'big image']],
    [String.raw`tyrax show big\ i` + '\t', ['show', 'big image']],
    ['tyrax show "big i\t', ['show', 'big image']],
    ["tyrax show 'big i\t", ['show', 'big image']],
    ['tyrax show my\t', ['show', 'my $(touch x) image']],
    ["tyrax show 'my $\t", ['show', 'my $(touch x) image']],
    ['tyrax show it\t', ['show', "it's"]],
    ['tyrax show say\t', ['show', 'say "hi"']],
    ['tyrax show star\t', ['show', 'star*']],
    ['tyrax show back\t', ['show', 'back\\slash']],
    ['tyrax show it\t-f js\t', ['show', "it's", '-f', 'json']],
    ['tyrax show it\t--os-cl\tad\t', ['show', "it's", '--os-cloud', 'admin']],
    ['tyrax object get im\tx', ['object', 'get', 'imgs/x']],
    ['tyrax set x --property hw_disk_b\tvirt\t', ['set', 'x', '--property', 'hw_disk_bus=virtio']],
    ['tyrax create x --file disk-\t', ['create', 'x', '--file', 'disk-two.qcow2']],
    [String.raw`tyrax create x --file disk\ ` + '\t', ['create', 'x', '--file', 'disk one.qcow2']],
    ['tyrax create x --file=disk-\t', ['create', 'x', '--file=disk-two.qcow2']],
    ['tyrax create disk-\t', ['create', 'disk-']],
  ])('%j', async (keys, args) => {
    expect((await terminal.type(keys)).args).toEqual(args)
  })

  test('two Tabs list what there is, with descriptions', async () => {
    const { screen } = await terminal.type('tyrax tag \t\trm')
    expect(screen).toContain('Remove tags from an image')
  })
})
