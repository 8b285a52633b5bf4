import { writeFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCloud } from '@tyrax/server'
import { randomDisk } from '@tyrax/testkit'
import { connect } from '../../node/connect.js'
import { fromFile } from '../../node/sources/file-source.js'
import type { Cloud } from '../../cloud/cloud.js'

let server: Awaited<ReturnType<typeof startCloud>>
let cloud: Cloud
let folder: string
const others: Cloud[] = []

beforeAll(async () => {
  server = await startCloud({ port: 0 })
  cloud = await another()
  folder = await mkdtemp(path.join(tmpdir(), 'tyrax-ensure-'))
})
afterAll(async () => {
  for (const each of others) await each.close()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

async function another(): Promise<Cloud> {
  const auth = { authUrl: server.authUrl, username: 'demo', password: 'secret', projectName: 'demo' }
  const made = await connect({ auth, retry: { delayMs: 1 } })
  others.push(made)
  return made
}

const bytes = () => randomDisk(100_000)
const all = async (name: string) => [
  ...(await cloud.images.listAll({ name })),
  ...(await cloud.images.listAll({ name, osHidden: true })),
]

test('it creates an image once, and then changes only the fields that differ', async () => {
  const data = bytes()
  const first = await cloud.images.ensure({ name: 'a', data, properties: { os_distro: 'debian', own: 'kept' } })
  expect(first).toMatchObject({ outcome: 'created', verdict: 'verified', bytes: data.length })
  expect(first.image).toMatchObject({ status: 'active', osHidden: false, diskFormat: 'raw' })
  expect(first.image.properties).toEqual({ os_distro: 'debian', own: 'kept' })
  const again = await cloud.images.ensure({ name: 'a', data, properties: { os_distro: 'debian' } })
  expect(again).toMatchObject({ outcome: 'unchanged', bytes: 0, image: { id: first.image.id } })
  const changed = await cloud.images.ensure({ name: 'a', data, minRam: 512, protected: true, tags: ['lts'] })
  expect(changed).toMatchObject({ outcome: 'updated', image: { id: first.image.id, minRam: 512, protected: true } })
  expect(changed.image.properties).toEqual({ os_distro: 'debian', own: 'kept' })
  expect(await all('a')).toHaveLength(1)
})

test('other data takes the name, the old image stays hidden, and going back sends nothing', async () => {
  const [old, fresh] = [bytes(), bytes()]
  const first = await cloud.images.ensure({ name: 'b', data: old })
  const second = await cloud.images.ensure({ name: 'b', data: fresh })
  expect(second).toMatchObject({ outcome: 'replaced', replaced: [{ id: first.image.id, outcome: 'hidden' }] })
  expect(await cloud.images.find('b')).toMatchObject({ id: second.image.id })
  const back = await cloud.images.ensure({ name: 'b', data: old })
  expect(back).toMatchObject({ outcome: 'replaced', bytes: 0, image: { id: first.image.id, osHidden: false } })
  expect(await cloud.images.find('b')).toMatchObject({ id: first.image.id })
})

test.each([
  ['rename', { outcome: 'renamed', name: expect.stringMatching(/^c-rename-\d{8}T\d{6}Z$/) }],
  ['delete', { outcome: 'deleted' }],
  ['deactivate', { outcome: 'deactivated' }],
] as const)('the replaced image is taken out of the way by %s', async (replace, expected) => {
  const name = `c-${replace}`
  await cloud.images.ensure({ name, data: bytes() })
  const { replaced, image } = await cloud.images.ensure({ name, data: bytes(), replace })
  expect(replaced).toMatchObject([expected])
  expect(await cloud.images.find(name)).toMatchObject({ id: image.id })
})

test('a protected image is never deleted, and replace: false changes nothing', async () => {
  const first = await cloud.images.ensure({ name: 'd', data: bytes(), protected: true })
  await expect(cloud.images.ensure({ name: 'd', data: bytes(), replace: false })).rejects.toMatchObject({
    name: 'ImageExistsError',
    images: [{ id: first.image.id }],
  })
  expect(await all('d')).toHaveLength(1)
  const { replaced } = await cloud.images.ensure({ name: 'd', data: bytes(), replace: 'delete' })
  expect(replaced).toEqual([{ id: first.image.id, name: 'd', outcome: 'kept', reason: 'it is protected' }])
})

test('keep deletes the oldest of the hidden ones', async () => {
  const ids: string[] = []
  for (let round = 0; round < 4; round += 1) {
    ids.push((await cloud.images.ensure({ name: 'e', data: bytes(), keep: 2 })).image.id)
  }
  const left = (await all('e')).map(({ id }) => id)
  expect(left.toSorted()).toEqual(ids.slice(1).toSorted())
})

test('compressed files are compared by their content, and a pipe when it has been sent', async () => {
  const data = bytes()
  const file = path.join(folder, 'f.raw.gz')
  await writeFile(file, gzipSync(data))
  const first = await cloud.images.ensure({ name: 'f', data: fromFile(file) })
  expect(first).toMatchObject({ outcome: 'created', decompressed: 'gzip' })
  expect(await cloud.images.ensure({ name: 'f', data: fromFile(file) })).toMatchObject({
    outcome: 'unchanged',
    bytes: 0,
  })
  expect(await cloud.images.ensure({ name: 'f', data })).toMatchObject({ outcome: 'unchanged', bytes: 0 })
  const piped = await cloud.images.ensure({ name: 'f', data: Readable.from([data]) })
  expect(piped).toMatchObject({ outcome: 'unchanged', image: { id: first.image.id } })
  expect(await all('f')).toHaveLength(1)
})

test('an image that is deleted is made again', async () => {
  const data = bytes()
  for (let round = 0; round < 3; round += 1) {
    const { outcome, image } = await cloud.images.ensure({ name: 'g', data })
    expect(outcome).toBe('created')
    await cloud.images.delete(image)
  }
})

test.each([2, 5])('%i calls at once make one image, and all return it', async (count) => {
  const data = randomDisk(1_000_000)
  const name = `h-${count}`
  await cloud.images.ensure({ name, data: bytes() })
  const clients = await Promise.all(Array.from({ length: count }, another))
  const made = await Promise.all(clients.map(({ images }) => images.ensure({ name, data })))
  expect(new Set(made.map(({ image }) => image.id)).size).toBe(1)
  expect(made.filter(({ bytes: sent }) => sent > 0)).toHaveLength(1)
  expect(await cloud.images.find(name)).toMatchObject({ id: made[0]?.image.id, properties: {} })
  expect(await all(name)).toHaveLength(2)
})

test('what a killed call left behind is filled by the next one', async () => {
  const data = bytes()
  // The bytes never come, so the record stays queued, as after a kill.
  const silent = new Readable({ read: () => undefined })
  const first = cloud.images.ensure({ name: 'i', data: silent })
  const left = async () => (await cloud.images.listAll({ name: 'i', osHidden: true }))[0]
  await expect.poll(left, { timeout: 10_000 }).toBeDefined()
  const record = await left()
  const second = await (await another()).images.ensure({ name: 'i', data, staleMs: 10 })
  expect(second).toMatchObject({ outcome: 'created', image: { id: record?.id, osHidden: false } })
  silent.destroy(new Error('killed'))
  await expect(first).rejects.toMatchObject({ name: 'SourceError' })
  expect(await cloud.images.find('i')).toMatchObject({ status: 'active', id: record?.id })
})

test('a plan tells what would be done, and changes nothing', async () => {
  const data = bytes()
  expect(await cloud.images.planEnsure({ name: 'j', data })).toMatchObject({ outcome: 'created', replaces: [] })
  expect(await all('j')).toEqual([])
  const { image } = await cloud.images.ensure({ name: 'j', data })
  expect(await cloud.images.planEnsure({ name: 'j', data, minDisk: 3 })).toMatchObject({
    outcome: 'updated',
    existing: { id: image.id },
  })
  expect(await cloud.images.planEnsure({ name: 'j', data: bytes() })).toMatchObject({
    outcome: 'replaced',
    replaces: [{ id: image.id }],
  })
})
