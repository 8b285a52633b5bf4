import { createHash } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { randomDisk } from '@tyrax/testkit'
import type { Ran } from '../testing/command-line.js'
import { oneCloud } from '../testing/one-cloud.js'

const { home, tyrax } = await oneCloud({
  projects: ['demo', 'partner'],
  users: [
    { name: 'demo', password: 'secret', project: 'demo', roles: ['member'] },
    { name: 'partner', password: 'secret', project: 'partner', roles: ['member'] },
  ],
})
const qcow2 = new URL('../../../testkit/fixtures/tiny.qcow2', import.meta.url).pathname

const json = (ran: Ran) => {
  expect(ran).toMatchObject({ exitCode: 0 })
  return JSON.parse(ran.stdout) as Record<string, unknown> & { id: string; properties: Record<string, string> }
}
const create = async (name: string, ...more: string[]) => json(await tyrax(['create', name, ...more, '-f', 'json']))

test('flags of downloads that an upload cannot honour are taken, and it says so', async () => {
  const file = ['--file', qcow2]
  const made = await tyrax(['create', 'whole', ...file, '--resume', '--concurrency', '4'])
  expect(made).toMatchObject({ exitCode: 0 })
  expect(made.stderr).toContain('--resume has no effect: Glance keeps no partial upload')
  expect(made.stderr).toContain('--concurrency 4 has no effect: Glance takes an image over one connection')
  const { id } = await create('whole-later', '--disk-format', 'qcow2', '--container-format', 'bare')
  const sent = await tyrax(['upload', id, ...file, '--no-resume', '--concurrency', '1'])
  expect(sent).toMatchObject({ exitCode: 0 })
  expect(sent.stderr).not.toContain('Glance')
})

test('an image goes up from a file with its format detected and comes back byte for byte', async () => {
  const image = await create(
    'round',
    '--file',
    qcow2,
    '--property',
    'os_distro=debian',
    '--property',
    'empty=',
    '--tag',
    'lts',
  )
  const bytes = await readFile(qcow2)
  expect(image).toMatchObject({
    name: 'round',
    status: 'active',
    disk_format: 'qcow2',
    container_format: 'bare',
    size: bytes.length,
    os_hash_value: createHash('sha512').update(bytes).digest('hex'),
    tags: ['lts'],
    properties: { os_distro: 'debian', empty: '' },
  })
  const downloaded = await tyrax(['download', 'round', '--output', 'copy.qcow2', '-f', 'json'])
  expect(json(downloaded)).toMatchObject({ id: image.id, bytes: bytes.length, verdict: 'verified' })
  expect(await readFile(path.join(home, 'copy.qcow2'))).toEqual(bytes)
})

test('data goes in and out through pipes, stdout holding nothing else', async () => {
  const bytes = randomDisk(300_000)
  const made = await tyrax(['create', 'pipe', '--file', '-', '--disk-format', 'raw', '-f', 'json'], { stdin: bytes })
  expect(json(made)).toMatchObject({ size: bytes.length, status: 'active' })
  const got = await tyrax(['download', 'pipe', '--output', '-'])
  expect(got.exitCode).toBe(0)
  expect(got.stdoutBytes.equals(bytes)).toBe(true)
})

test('image data is not written to a terminal, nor read from one', async () => {
  await create('tty', '--file', qcow2)
  expect(await tyrax(['download', 'tty', '--output', '-'], { isTTY: true })).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining('terminal'),
  })
  expect(await tyrax(['create', 'x', '--file', '-'], { isTTY: true })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('terminal'),
  })
})

test('a file that is there is not replaced unless told to', async () => {
  await create('again', '--file', qcow2)
  await writeFile(path.join(home, 'there'), 'mine')
  expect(await tyrax(['download', 'again', '--output', 'there'])).toMatchObject({ exitCode: 1 })
  expect(await readFile(path.join(home, 'there'), 'utf8')).toBe('mine')
  expect(await tyrax(['download', 'again', '--output', 'there', '--force'])).toMatchObject({ exitCode: 0 })
  expect((await stat(path.join(home, 'there'))).size).toBe((await stat(qcow2)).size)
})

test('a record without data is queued, and upload fills it', async () => {
  const image = await create('later', '--disk-format', 'qcow2')
  expect(image).toMatchObject({ status: 'queued', size: null, disk_format: 'qcow2' })
  expect(json(await tyrax(['upload', 'later', '--file', qcow2, '-f', 'json']))).toMatchObject({
    id: image.id,
    status: 'active',
  })
  expect(await tyrax(['upload', 'later', '--file', qcow2])).toMatchObject({ exitCode: 5 })
  const bare = await create('bare-record')
  expect(bare).toMatchObject({ status: 'queued', disk_format: null })
})

test('a qcow2 declared raw or vhd is refused before anything is made', async () => {
  for (const format of ['raw', 'vhd']) {
    expect(await tyrax(['create', 'wrong', '--file', qcow2, '--disk-format', format])).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining('qcow2'),
    })
  }
  expect((await tyrax(['list', '--name', 'wrong', '-f', 'json'])).stdout).toBe('[]\n')
})

test.each([
  ['a missing file', 'nowhere.img', /nowhere\.img/],
  ['a folder', '.', /folder|directory/i],
])('%s is refused before anything is made', async (_, file, message) => {
  const { exitCode, stderr } = await tyrax(['create', 'nothing', '--file', file])
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(message)
  expect((await tyrax(['list', '--name', 'nothing', '-f', 'json'])).stdout).toBe('[]\n')
})

test('list filters, sorts, limits and prints every format', async () => {
  await create('list:a,b', '--file', qcow2, '--tag', 'listed', '--property', 'kind=one')
  await create('list-c', '--disk-format', 'raw', '--tag', 'listed', '--tag', 'two')
  const names = async (...argv: string[]) =>
    (JSON.parse((await tyrax(['list', '--tag', 'listed', '-f', 'json', ...argv])).stdout) as { name: string }[]).map(
      ({ name }) => name,
    )
  expect(await names('--sort', 'name:asc')).toEqual(['list-c', 'list:a,b'])
  expect(await names('--sort', 'name:desc')).toEqual(['list:a,b', 'list-c'])
  expect(await names('--sort', 'name:asc', '--limit', '1')).toEqual(['list-c'])
  expect(await names('--limit', '0')).toEqual([])
  expect(await names('--name', 'list:a,b')).toEqual(['list:a,b'])
  expect(await names('--tag', 'two')).toEqual(['list-c'])
  expect(await names('--status', 'active')).toEqual(['list:a,b'])
  expect(await names('--size-min', '1')).toEqual(['list:a,b'])
  expect(await names('--property', 'kind=one')).toEqual(['list:a,b'])
  const value = await tyrax([
    'list',
    '--tag',
    'listed',
    '--sort',
    'name:asc',
    '-f',
    'value',
    '-c',
    'Name',
    '-c',
    'Status',
  ])
  expect(value.stdout).toBe('list-c queued\nlist:a,b active\n')
})

test('a wrong sort key is a mistake of usage, an unknown marker is not found', async () => {
  expect(await tyrax(['list', '--sort', 'colour:asc'])).toMatchObject({ exitCode: 2 })
  expect(await tyrax(['list', '--marker', '11111111-1111-4111-8111-111111111111'])).toMatchObject({ exitCode: 3 })
})

test('a table of images is for people', async () => {
  const image = await create('table-me', '--file', qcow2, '--tag', 'tabled')
  const { stdout } = await tyrax(['list', '--tag', 'tabled'])
  expect(stdout.replaceAll(image.id, '<an id of thirty-six characters .....>').replaceAll(/\.\.>/g, '>'))
    .toMatchInlineSnapshot(`
    "+--------------------------------------+----------+--------+---------+-------------+------------+
    | ID                                   | Name     | Status | Size    | Disk Format | Visibility |
    +--------------------------------------+----------+--------+---------+-------------+------------+
    | <an id of thirty-six characters ...> | table-me | active | 704 KiB | qcow2       | shared     |
    +--------------------------------------+----------+--------+---------+-------------+------------+
    "
  `)
})

test('set changes what is given, unset takes away, and neither touches the rest', async () => {
  const image = await create('change', '--property', 'a=1', '--property', 'b=2', '--tag', 'x')
  const fields = ['--name', 'changed', '--min-ram', '512', '--protected', '--hidden', '--tag', 'y']
  const properties = ['--property', 'a=one', '--property', 'odd/key~=v']
  const changed = json(await tyrax(['set', image.id, ...fields, ...properties, '-f', 'json']))
  expect(changed).toMatchObject({
    name: 'changed',
    min_ram: 512,
    protected: true,
    os_hidden: true,
    tags: expect.arrayContaining(['x', 'y']),
    properties: { a: 'one', b: '2', 'odd/key~': 'v' },
  })
  const unset = await tyrax([
    'unset',
    image.id,
    '--property',
    'odd/key~',
    '--property',
    'never',
    '--tag',
    'x',
    '-f',
    'json',
  ])
  expect(json(unset)).toMatchObject({ tags: ['y'], properties: { a: 'one', b: '2' } })
  const opened = await tyrax(['set', image.id, '--no-protected', '--no-hidden', '-f', 'json'])
  expect(json(opened)).toMatchObject({ protected: false, os_hidden: false })
})

test('a protected image is not deleted, and the exit code says so', async () => {
  const image = await create('guarded', '--protected')
  expect(await tyrax(['rm', image.id])).toMatchObject({ exitCode: 4 })
  expect(await tyrax(['show', image.id])).toMatchObject({ exitCode: 0 })
})

test('a name that two images have is refused with both ids', async () => {
  const [first, second] = [await create('twin'), await create('twin')]
  const { exitCode, stderr } = await tyrax(['show', 'twin', '-f', 'json'])
  expect(exitCode).toBe(5)
  const { error } = JSON.parse(stderr) as { error: { code: string; candidates: { id: string }[] } }
  expect(error.code).toBe('conflict')
  expect(error.candidates.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort())
  expect(await tyrax(['rm', first.id, second.id])).toMatchObject({ exitCode: 0 })
})

test('what is not there is exit code 3, in JSON with the whole reason', async () => {
  const { exitCode, stdout, stderr } = await tyrax(['show', 'no such image', '-f', 'json'])
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' })
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'not_found', hint: expect.any(String) } })
})

test('rm deletes what it can, says what it could not, and exits 9', async () => {
  const image = await create('going')
  const { exitCode, stderr } = await tyrax(['rm', 'going', 'not-there'])
  expect(exitCode).toBe(9)
  expect(stderr).toContain('1 of 2 failed')
  expect(stderr).toContain(`deleted ${image.id}`)
  expect(await tyrax(['rm', 'not-there'])).toMatchObject({ exitCode: 3 })
  expect(await tyrax(['rm', 'not-there', '--if-exists'])).toMatchObject({ exitCode: 0 })
})

test('tags are added, listed and removed', async () => {
  const image = await create('tagged')
  expect(await tyrax(['tag', 'add', image.id, 'a b', 'c'])).toMatchObject({ exitCode: 0 })
  expect((await tyrax(['tag', 'list', image.id, '-f', 'value'])).stdout.trimEnd().split('\n').sort()).toEqual([
    'a b',
    'c',
  ])
  expect(await tyrax(['tag', 'rm', image.id, 'c'])).toMatchObject({ exitCode: 0 })
  expect((await tyrax(['tag', 'list', image.id, '-f', 'value'])).stdout).toBe('a b\n')
  expect(await tyrax(['tag', 'rm', image.id, 'c'])).toMatchObject({ exitCode: 3 })
})

test('an image is shared, found in the inbox, accepted, reset, rejected and taken back', async () => {
  const image = await create('shared', '--file', qcow2)
  const partner = (argv: readonly string[]) => tyrax(['--os-cloud', 'partner', ...argv])
  const partnerId = (await partner(['auth', 'token', '-f', 'value', '-c', 'project_id'])).stdout.trim()
  const member = json(await tyrax(['share', 'add', 'shared', partnerId, '-f', 'json']))
  expect(member).toMatchObject({ image_id: image.id, member_id: partnerId, status: 'pending' })
  expect(await tyrax(['share', 'add', 'shared', partnerId])).toMatchObject({ exitCode: 0 })
  expect((await partner(['share', 'inbox', '-f', 'id'])).stdout).toBe(`${image.id}\n`)
  expect((await partner(['list', '--visibility', 'shared', '-f', 'id'])).stdout).toBe('')
  expect(json(await partner(['share', 'accept', image.id, '-f', 'json']))).toMatchObject({ status: 'accepted' })
  expect((await partner(['list', '--visibility', 'shared', '-f', 'id'])).stdout).toBe(`${image.id}\n`)
  expect((await tyrax(['share', 'list', 'shared', '-f', 'value', '-c', 'status'])).stdout).toBe('accepted\n')
  expect(json(await partner(['share', 'reset', 'shared', '-f', 'json']))).toMatchObject({ status: 'pending' })
  expect(json(await partner(['share', 'reject', 'shared', '-f', 'json']))).toMatchObject({ status: 'rejected' })
  expect(await tyrax(['share', 'accept', 'shared'])).toMatchObject({ exitCode: 3 })
  expect(await tyrax(['share', 'rm', 'shared', partnerId])).toMatchObject({ exitCode: 0 })
  expect(await partner(['show', image.id])).toMatchObject({ exitCode: 3 })
})

test('an image that is not shareable says what to do', async () => {
  await create('private', '--visibility', 'private')
  expect(await tyrax(['share', 'add', 'private', 'f'.repeat(32)])).toMatchObject({
    exitCode: expect.toSatisfy((code: number) => code > 0),
    stderr: expect.stringContaining('shared'),
  })
})
