import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CloudConfigInput, startCloud } from '@tyrax/server'
import { randomDisk } from '@tyrax/testkit'
import { connect } from '../../node/connect.js'
import type { Cloud } from '../../cloud/cloud.js'

const bytes = randomDisk(3 * 1024 * 1024 + 1)
const sha512 = createHash('sha512').update(bytes).digest('hex')

const open: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of open.toReversed()) await close()
})

async function cloudOf(config: CloudConfigInput = {}) {
  const server = await startCloud({ port: 0, config })
  open.push(() => server.close())
  return async (user = 'demo', region?: string): Promise<Cloud> => {
    const auth = { authUrl: server.authUrl, username: user, password: 'secret', projectName: user }
    const cloud = await connect({ auth, region, retry: { delayMs: 1 } })
    open.push(() => cloud.close())
    return cloud
  }
}

let from: Cloud
let to: Cloud
beforeAll(async () => {
  from = await (await cloudOf())()
  to = await (await cloudOf())()
})

let count = 0
/** An image of a name of its own in the first cloud. */
const original = (fields: object = {}) =>
  from.images.create({ name: `image-${(count += 1)}`, diskFormat: 'raw', data: bytes, ...fields })

test('a copy has the data, the formats, the properties, the tags and the protection of its original', async () => {
  const image = await original({
    minDisk: 2,
    minRam: 512,
    tags: ['lts'],
    protected: true,
    visibility: 'shared',
    properties: { os_distro: 'debian', os_version: '13', instance_uuid: '1', 'a/b~c': 'x' },
  })
  const copy = await from.images.copy(image, { to })
  expect(copy).toMatchObject({ outcome: 'copied', via: 'client', verdict: 'verified', bytes: bytes.length })
  expect(copy.omitted).toEqual(['instance_uuid'])
  expect(await to.images.get(copy.image)).toMatchObject({
    name: image.name,
    status: 'active',
    osHashValue: sha512,
    diskFormat: 'raw',
    minDisk: 2,
    minRam: 512,
    tags: ['lts'],
    protected: true,
    visibility: 'private',
    owner: to.projectId,
    properties: { os_distro: 'debian', os_version: '13', 'a/b~c': 'x' },
  })
})

test('where the same bytes are, nothing is sent; other bytes under the name are an error', async () => {
  const image = await original()
  const first = await from.images.copy(image, { to })
  const again = await from.images.copy(image, { to })
  expect(again).toMatchObject({ outcome: 'unchanged', bytes: 0, image: { id: first.image.id } })
  expect(again.reason).toContain('the same bytes are there')
  const other = await original({ name: image.name, data: randomDisk(1000) })
  await expect(from.images.copy(other, { to })).rejects.toMatchObject({
    name: 'ImageExistsError',
    images: [{ id: first.image.id }],
  })
  expect(await from.images.planCopy(other, { to, replace: 'hide' })).toMatchObject({
    outcome: 'copied',
    via: 'client',
    replaces: [{ id: first.image.id }],
  })
  const replaced = await from.images.copy(other, { to, replace: 'hide' })
  expect(replaced).toMatchObject({ outcome: 'copied', replaced: [{ id: first.image.id, outcome: 'hidden' }] })
  expect(await to.images.find(image.name ?? '')).toMatchObject({ id: replaced.image.id, osHidden: false })
})

test('an image with the same bytes under another name is taken if that is asked for', async () => {
  const data = randomDisk(1000)
  const there = await to.images.create({ name: 'other-name', diskFormat: 'raw', data })
  const image = await original({ data })
  expect(await from.images.copy(image, { to, reuse: true })).toMatchObject({
    outcome: 'unchanged',
    image: { id: there.id },
  })
  expect(await from.images.copy(image, { to })).toMatchObject({ outcome: 'copied' })
})

test('a copy onto itself, or to a store that is not there, is refused', async () => {
  const image = await original()
  const same = { name: 'UsageError', message: expect.stringContaining('the same image') }
  await expect(from.images.copy(image)).rejects.toMatchObject(same)
  await expect(from.images.copy(image, { to: from })).rejects.toMatchObject(same)
  await expect(from.images.copy(image, { to, stores: ['nowhere'] })).rejects.toThrow('has no store nowhere')
  await expect(from.images.copy(image, { to, via: 'server' })).rejects.toThrow('do not share a Keystone')
})

test('the server copies an image to further stores of its cloud', async () => {
  const login = await cloudOf({ image: { stores: [{ id: 'fast', default: true }, { id: 'archive' }] } })
  const admin = await login('admin')
  const { id } = await admin.images.create({ name: 'stored', diskFormat: 'raw', data: bytes })
  const copy = await admin.images.copy(id, { stores: ['fast', 'archive'] })
  expect(copy).toMatchObject({ outcome: 'copied', via: 'copy-image', bytes: 0 })
  expect(copy.image.stores?.split(',').toSorted()).toEqual(['archive', 'fast'])
  expect(await admin.images.copy(id, { stores: ['archive'] })).toMatchObject({ outcome: 'unchanged' })
})

test('an image is a source for object storage, in one piece or in segments', async () => {
  const image = await original()
  await to.objects.createContainer('c')
  const plain = await to.objects.put('c', 'plain', await from.images.source(image))
  expect(plain).toMatchObject({ bytes: bytes.length, etag: createHash('md5').update(bytes).digest('hex') })
  const source = await from.images.source(image)
  const large = await to.objects.put('c', 'large', source, { segmented: true, segmentSizeBytes: 2 ** 20 })
  expect(large).toMatchObject({ bytes: bytes.length, segmentCount: 4 })
  const restored = await to.images.create({ name: 'restored', diskFormat: 'raw', obj: large })
  expect(restored).toMatchObject({ verdict: 'verified', osHashValue: sha512 })
})

test('who keeps what is read of an image gets memory of his own', async () => {
  const image = await original()
  const source = await from.images.source(image)
  const chunks: Uint8Array[] = []
  for await (const chunk of source.open()) chunks.push(chunk)
  expect(chunks.every(({ buffer }) => buffer instanceof ArrayBuffer)).toBe(true)
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
})
