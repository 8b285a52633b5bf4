import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startImageCloud, type ImageCloud } from './testing/image-cloud.js'

// What an operator can set, other than stock.
let cloud: ImageCloud
beforeAll(async () => {
  cloud = await startImageCloud({
    stores: [{ id: 'archive', readOnly: true }, { id: 'fast' }, { id: 'web', type: 'http' }],
    diskFormats: ['raw', 'novel'],
    containerFormats: ['bare', 'crate'],
    hashAlgorithm: 'sha3_256',
    defaultVisibility: 'private',
  })
})
afterAll(() => cloud.close())

test('formats are those of the configuration, in the schema too', async () => {
  const { demo } = cloud
  const create = async (json: object) => (await demo.call('POST', '/v2/images', { json })).status
  expect(await create({ disk_format: 'novel', container_format: 'crate' })).toBe(201)
  expect(await create({ disk_format: 'qcow2', container_format: 'bare' })).toBe(400)
  expect(await create({ disk_format: 'raw', container_format: 'ovf' })).toBe(400)
  expect((await demo.call('GET', '/v2/schemas/image')).body['properties']).toMatchObject({
    disk_format: { enum: [null, 'raw', 'novel'] },
    container_format: { enum: [null, 'bare', 'crate'] },
  })
})

test('an image without a visibility gets the configured one', async () => {
  const id = await cloud.demo.create()
  expect(await cloud.demo.read(id)).toMatchObject({ visibility: 'private' })
})

test.each([3, 5_000_000])('%i bytes are hashed with the configured algorithm', async (size) => {
  const data = Buffer.alloc(size, 7)
  const id = await cloud.demo.create()
  expect((await cloud.demo.upload(id, data)).status).toBe(204)
  expect(await cloud.demo.read(id)).toMatchObject({
    os_hash_algo: 'sha3_256',
    os_hash_value: createHash('sha3-256').update(data).digest('hex'),
    checksum: createHash('md5').update(data).digest('hex'),
    stores: 'fast',
  })
})

test.each(['archive', 'web'])('the read-only store %s takes no data, and the image stays queued', async (store) => {
  const id = await cloud.demo.create()
  const sent = await cloud.demo.upload(id, 'x', { 'x-image-meta-store': store })
  expect([sent.status, sent.body['message']]).toEqual([
    410,
    expect.stringContaining('Error in store configuration. Adding images to store is disabled.'),
  ])
  expect(await cloud.demo.read(id)).toMatchObject({ status: 'queued' })
})

test('stores say what they are', async () => {
  expect((await cloud.admin.call('GET', '/v2/info/stores/detail')).body['stores']).toMatchObject([
    { id: 'archive', type: 'file', 'read-only': 'true' },
    { id: 'fast', type: 'file' },
    { id: 'web', type: 'http', 'read-only': 'true' },
  ])
})
