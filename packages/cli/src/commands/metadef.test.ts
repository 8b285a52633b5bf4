import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { oneCloud } from '../testing/one-cloud.js'

const { home, tyrax: asUser } = await oneCloud()
const tyrax = (argv: readonly string[], stdin = '') => asUser(argv, { stdin, env: { OS_CLOUD: 'admin' } })
const metadef = async (...argv: string[]) => {
  const ran = await tyrax(['metadef', ...argv])
  expect(ran).toMatchObject({ exitCode: 0 })
  return ran
}
const json = async (...argv: string[]) => JSON.parse((await metadef(...argv, '-f', 'json')).stdout) as unknown

test('a namespace is created, changed, shown, listed and removed', async () => {
  await metadef('namespace', 'create', 'Acme::A', '--visibility', 'public', '--description', 'ours', '--protected')
  expect(await json('namespace', 'set', 'Acme::A', '--display-name', 'Acme')).toMatchObject({
    display_name: 'Acme',
    description: 'ours',
    visibility: 'public',
    protected: true,
  })
  expect(await json('namespace', 'list', '--visibility', 'public')).toContainEqual(
    expect.objectContaining({ namespace: 'Acme::A' }),
  )
  expect((await tyrax(['metadef', 'namespace', 'rm', 'Acme::A'])).exitCode).not.toBe(0)
  await metadef('namespace', 'set', 'Acme::A', '--no-protected', '--name', 'Acme::B', '--description', '')
  expect(await json('namespace', 'show', 'Acme::B')).toMatchObject({ namespace: 'Acme::B', description: null })
  await metadef('namespace', 'rm', 'Acme::B')
  await metadef('namespace', 'rm', 'Acme::B', '--if-exists')
  expect((await tyrax(['metadef', 'namespace', 'show', 'Acme::B'])).exitCode).toBe(3)
  expect((await tyrax(['metadef', 'namespace', 'set', 'Acme::B'])).exitCode).toBe(2)
  const slash = await tyrax(['metadef', 'namespace', 'create', 'a/b'])
  expect([slash.exitCode, slash.stderr]).toEqual([2, expect.stringContaining('cannot address a namespace')])
})

test('properties, objects, tags and types of a namespace are changed', async () => {
  const ns = 'Acme::Parts'
  await metadef('namespace', 'create', ns)
  await metadef('property', 'create', ns, 'tier', '--enum', 'gold', '--enum', 'silver', '--title', 'Tier')
  await metadef('property', 'set', ns, 'tier', '--default', 'silver', '--name', 'level')
  expect(await json('property', 'list', ns)).toEqual([
    { name: 'level', type: 'string', title: 'Tier', enum: ['gold', 'silver'], default: 'silver' },
  ])
  expect(await json('property', 'show', ns, 'level')).toMatchObject({ title: 'Tier' })
  await metadef('property', 'rm', ns, 'level')
  await metadef('property', 'create', ns, 'other', '--type', 'integer', '--minimum', '-1')
  await metadef('property', 'rm', ns, '--all')
  expect(await json('property', 'list', ns)).toEqual([])
  expect((await tyrax(['metadef', 'property', 'rm', ns])).exitCode).toBe(2)
  await metadef('object', 'create', ns, 'Licence', '--description', 'who pays')
  await metadef('object', 'set', ns, 'Licence', '--name', 'Licences')
  expect(await json('object', 'list', ns)).toMatchObject([{ name: 'Licences', description: 'who pays' }])
  expect(await json('object', 'show', ns, 'Licences')).toMatchObject({ properties: {} })
  await metadef('object', 'rm', ns, 'Licences')
  await metadef('object', 'rm', ns, '--all')
  await metadef('tag', 'add', ns, 'web')
  await metadef('tag', 'add', ns, 'db', 'cache')
  await metadef('tag', 'rename', ns, 'web', 'www')
  expect(await json('tag', 'show', ns, 'www')).toMatchObject({ name: 'www' })
  await metadef('tag', 'rm', ns, 'db')
  const tags = async () => ((await json('tag', 'list', ns)) as { name: string }[]).map(({ name }) => name).toSorted()
  expect(await tags()).toEqual(['cache', 'www'])
  await metadef('tag', 'add', ns, 'x', '--replace')
  expect(await tags()).toEqual(['x'])
  await metadef('tag', 'rm', ns, '--all')
  expect(await tags()).toEqual([])
  await metadef('resource-type', 'add', ns, 'OS::Glance::Image', '--prefix', 'acme_')
  expect(await json('resource-type', 'list', ns)).toEqual([
    { name: 'OS::Glance::Image', prefix: 'acme_', properties_target: null },
  ])
  expect(await json('resource-type', 'list')).toContainEqual({ name: 'OS::Glance::Image' })
  await metadef('resource-type', 'rm', ns, 'OS::Glance::Image')
  expect(await json('resource-type', 'list', ns)).toEqual([])
})

test('a namespace is exported and imported, from a file and from standard input', async () => {
  await metadef('namespace', 'create', 'Acme::Moved')
  await metadef('property', 'create', 'Acme::Moved', 'tier')
  const { stdout } = await metadef('namespace', 'export', 'Acme::Moved', '-f', 'json')
  await writeFile(path.join(home, 'moved.json'), stdout)
  expect((await tyrax(['metadef', 'namespace', 'import', 'moved.json'])).exitCode).toBe(5)
  await metadef('namespace', 'rm', 'Acme::Moved')
  await metadef('namespace', 'import', 'moved.json')
  const changed = stdout.replace('"tier"', '"level"')
  const replaced = await tyrax(['metadef', 'namespace', 'import', '-', '--replace', '-f', 'json'], changed)
  expect(JSON.parse(replaced.stdout)).toMatchObject({ properties: ['level'] })
  const broken = await tyrax(['metadef', 'namespace', 'import', '-'], 'nothing')
  expect([broken.exitCode, broken.stderr]).toEqual([2, expect.stringContaining('is not JSON')])
})

test('create and set warn about properties that are probably misspelled, and do what they were told', async () => {
  const made = await tyrax(['create', 'typo', '--property', 'hw_disk_buss=virtio', '--property', 'own=1', '-f', 'json'])
  expect([made.exitCode, made.stderr]).toEqual([0, expect.stringContaining('did you mean hw_disk_bus?')])
  expect(made.stderr).not.toContain('own')
  expect(JSON.parse(made.stdout)).toMatchObject({ properties: { hw_disk_buss: 'virtio' } })
  const changed = await tyrax(['set', 'typo', '--property', 'os_type=Linux'])
  expect([changed.exitCode, changed.stderr]).toEqual([0, expect.stringContaining('did you mean linux?')])
  expect((await tyrax(['set', 'typo', '--property', 'os_type=linux'])).stderr).toBe('')
})
