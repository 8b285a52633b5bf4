import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import type { FaultPlan } from '@tyrax/server'
import { startFaultServer } from '@tyrax/testkit'
import { startBundle } from '../testing/bundle.js'
import { oneCloud } from '../testing/one-cloud.js'

const { cloud, home, env, tyrax } = await oneCloud()
const qcow2 = new URL('../../../testkit/fixtures/tiny.qcow2', import.meta.url).pathname
const packed = new URL('../../../testkit/fixtures/compressed/disk.xz', import.meta.url).pathname

const sha256 = async (file: string) =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
/** A fault server in front of the image service. */
const faulty = (plan: FaultPlan) => startFaultServer({ upstream: cloud.imageUrl, plan })
const names = async (name: string) => (await tyrax(['list', '--name', name, '-f', 'json'])).stdout

test('what was compared is in the JSON of create, upload and download, where scripts read it', async () => {
  const published = { algorithm: 'sha256', value: await sha256(packed), verdict: 'verified' }
  const checksum = ['--checksum', `sha256:${published.value}`, '-f', 'json']
  const created = await tyrax(['create', 'told', '--file', packed, ...checksum])
  expect(JSON.parse(created.stdout)).toMatchObject({
    verdict: 'verified',
    decompressed: 'xz',
    source_checksum: published,
  })
  await tyrax(['create', 'told-later', '--disk-format', 'raw'])
  const uploaded = await tyrax(['upload', 'told-later', '--file', packed, ...checksum])
  expect(JSON.parse(uploaded.stdout)).toMatchObject({ verdict: 'verified', source_checksum: published })
  await tyrax(['create', 'plain', '--file', qcow2])
  const value = await sha256(qcow2)
  const got = await tyrax(['download', 'plain', '-o', 'plain.qcow2', '--checksum', `sha256:${value}`, '-f', 'json'])
  expect(JSON.parse(got.stdout)).toMatchObject({ verdict: 'verified', source_checksum: { value, verdict: 'verified' } })
})

test('a download that is not what was published is exit code 6 and leaves no file, into a pipe too', async () => {
  await tyrax(['create', 'unpublished', '--file', qcow2])
  const wrong = ['--checksum', `sha256:${'0'.repeat(64)}`]
  expect(await tyrax(['download', 'unpublished', '-o', 'wrong.qcow2', ...wrong])).toMatchObject({ exitCode: 6 })
  expect(await tyrax(['download', 'unpublished', '-o', '-', ...wrong])).toMatchObject({ exitCode: 6 })
  expect((await readdir(home)).filter((name) => name.startsWith('wrong'))).toEqual([])
})

test.each([
  ['a path', (list: string) => list],
  ['file: and a path', (list: string) => `file:${path.basename(list)}`],
  ['a file URL', (list: string) => pathToFileURL(list).href],
])('a list of checksums is found by %s', async (_what, written) => {
  const list = path.join(home, 'SUMS')
  const text = `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${await sha256(packed)} *disk.xz\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n`
  await writeFile(list, text)
  const ran = await tyrax(['create', 'listed', '--file', packed, '--checksum', written(list), '-f', 'json'])
  expect(ran).toMatchObject({ exitCode: 0, stderr: '' })
})

test('a size that is announced for standard input is kept to', async () => {
  const send = (size: string) =>
    tyrax(['create', 'sized', '--file', '-', '--disk-format', 'raw', '--size', size], { stdin: Buffer.alloc(100_000) })
  expect(await send('100001')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('declared') })
  expect(await names('sized')).toBe('[]\n')
  expect(await send('100000')).toMatchObject({ exitCode: 0 })
  expect(await tyrax(['create', 'x', '--file', qcow2, '--size', '1'])).toMatchObject({ exitCode: 2 })
})

test('a record that could not be removed is named, for people and for scripts', async () => {
  await using front = await faulty([
    { match: { method: 'PUT' }, fault: { type: 'status', status: 413 } },
    { match: { method: 'DELETE' }, fault: { type: 'status', status: 409 } },
  ])
  const create = ['create', 'left', '--file', qcow2, '--os-image-endpoint-override', front.url]
  const told = await tyrax([...create, '-f', 'json'])
  expect(told.exitCode).toBe(7)
  const { error } = JSON.parse(told.stderr) as { error: { leftBehind: string } }
  expect(JSON.parse(await names('left'))).toMatchObject([{ id: error.leftBehind }])
  expect((await tyrax(create)).stderr).toMatch(/left behind: the image [0-9a-f-]{36}/)
})

test('upload keeps the record when it fails, or removes it if told to', async () => {
  await using front = await faulty([{ match: { method: 'PUT' }, fault: { type: 'status', status: 403 } }])
  await tyrax(['create', 'kept', '--disk-format', 'qcow2'])
  const upload = ['upload', 'kept', '--file', qcow2, '--os-image-endpoint-override', front.url]
  expect(await tyrax([...upload, '--keep-on-failure'])).toMatchObject({ exitCode: 4 })
  expect(JSON.parse(await names('kept'))).toMatchObject([{ status: 'queued' }])
  expect(await tyrax([...upload, '--no-keep-on-failure'])).toMatchObject({ exitCode: 4 })
  expect(await names('kept')).toBe('[]\n')
})

test('upload never removes an image that has data', async () => {
  await tyrax(['create', 'full', '--file', qcow2])
  expect(await tyrax(['upload', 'full', '--file', qcow2, '--no-keep-on-failure'])).toMatchObject({ exitCode: 5 })
  expect(JSON.parse(await names('full'))).toMatchObject([{ status: 'active' }])
})

test('download keeps what came when it fails, or removes it if told to', async () => {
  await tyrax(['create', 'cut', '--file', qcow2])
  await using front = await faulty([
    { match: { method: 'GET', path: '/file$' }, fault: { type: 'close', afterResponseBytes: 300_000 } },
  ])
  const download = ['download', 'cut', '-o', 'cut.qcow2', '--retries', '0', '--os-image-endpoint-override', front.url]
  const left = async () => (await readdir(home)).filter((name) => name.startsWith('cut')).toSorted()
  expect(await tyrax([...download, '--no-keep-on-failure'])).toMatchObject({ exitCode: 10 })
  expect(await left()).toEqual([])
  expect(await tyrax([...download, '--keep-on-failure'])).toMatchObject({ exitCode: 10 })
  expect(await left()).toEqual(['cut.qcow2.part', 'cut.qcow2.part.json'])
  expect(await tyrax([...download, '--no-resume', '--keep-on-failure'])).toMatchObject({ exitCode: 2 })
})

test('an address that data is to come from and that nobody answers is exit code 10', async () => {
  expect(await tyrax(['create', 'nobody', '--file', 'http://127.0.0.1:9/u.img', '-f', 'json'])).toMatchObject({
    exitCode: 10,
    stderr: expect.stringContaining('cannot be reached'),
  })
})

test('a reader of standard output that begins late gets every byte', async () => {
  const data = Buffer.alloc(3_000_000, 'tyrax ')
  const file = path.join(home, 'late.raw')
  await writeFile(file, data)
  await tyrax(['create', 'late', '--file', file, '--disk-format', 'raw'])
  const child = await startBundle(home, ['download', 'late', '--output', '-'], { env })
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = once(child, 'close')
  // Until it has nothing to do but to wait for its reader.
  await Promise.race([ended, setTimeout(1500)])
  const got = await buffer(child.stdout as Readable)
  expect(await ended, said).toEqual([0, null])
  expect(got.byteLength).toBe(data.byteLength)
  expect(got.equals(data)).toBe(true)
})
