import { createHash } from 'node:crypto'
import { startCloud } from '@tyrax/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { randomDisk } from '@tyrax/testkit'
import type { Cloud } from '../cloud/cloud.js'
import { connect, fromStream, type ObjectEntry, type ObjectFolder } from '../node/index.js'

let server: Awaited<ReturnType<typeof startCloud>>
let cloud: Cloud

beforeAll(async () => {
  server = await startCloud({ port: 0 })
  cloud = await connect({
    auth: { authUrl: server.authUrl, username: 'demo', password: 'secret', projectName: 'demo' },
  })
})
afterAll(async () => {
  await cloud?.close()
  await server?.close()
})

const data = randomDisk(1_500_000)
const md5 = createHash('md5').update(data).digest('hex')
let count = 0
async function container(): Promise<string> {
  const name = `container ${(count += 1)} é`
  await cloud.objects.createContainer(name)
  return name
}

async function drain(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test('an object is stored, compared, and read as often as it is opened', async () => {
  const name = await container()
  const stored = await cloud.objects.put(name, 'a/b c?.img', fromStream(new Blob([data]).stream()), {
    contentType: 'text/plain',
    metadata: { Os: 'Debian ü' },
  })
  expect(stored).toMatchObject({ name: 'a/b c?.img', container: name, bytes: data.byteLength, etag: md5 })
  const object = await cloud.objects.get(name, 'a/b c?.img')
  expect(object).toMatchObject({
    bytes: data.byteLength,
    etag: md5,
    contentType: 'text/plain',
    metadata: { os: 'Debian ü' },
  })
  expect(object.lastModified).toBeInstanceOf(Date)
  for (let reading = 0; reading < 2; reading += 1) expect((await drain(object.stream())).equals(data)).toBe(true)
  expect((await drain(object.open())).equals(data)).toBe(true)
})

test('parts of an object are read', async () => {
  const object = await cloud.objects.put(await container(), 'o', data)
  expect((await drain(object.stream({ range: { start: 10, end: 19 } }))).equals(data.subarray(10, 20))).toBe(true)
  expect((await drain(object.open({ start: 1_499_990 }))).equals(data.subarray(1_499_990))).toBe(true)
  expect(Buffer.from(await object.peek(100)).equals(data.subarray(0, 100))).toBe(true)
  expect(() => object.stream({ range: { start: 5, end: 4 } })).not.toThrow()
  await expect(drain(object.stream({ range: { start: 5, end: 4 } }))).rejects.toMatchObject({ name: 'UsageError' })
  await expect(drain(object.stream({ range: { start: data.byteLength } }))).rejects.toMatchObject({
    name: 'UsageError',
  })
})

test('an object that was replaced is not read as if it were the old one', async () => {
  const name = await container()
  const old = await cloud.objects.put(name, 'o', data)
  await cloud.objects.put(name, 'o', Buffer.from('new'))
  await expect(drain(old.stream())).rejects.toMatchObject({
    name: 'SourceError',
    message: expect.stringContaining('replaced') as string,
  })
})

test('an empty object is an object', async () => {
  const object = await cloud.objects.put(await container(), 'empty', new Uint8Array())
  expect(object.bytes).toBe(0)
  expect(await drain(object.stream())).toHaveLength(0)
  expect(await object.peek(10)).toHaveLength(0)
})

test('metadata is replaced, objects are copied and deleted', async () => {
  const name = await container()
  await cloud.objects.put(name, 'o', data, { metadata: { a: '1', b: '2' } })
  await cloud.objects.setMetadata(name, 'o', { c: '3' })
  expect((await cloud.objects.stat(name, 'o')).metadata).toEqual({ c: '3' })
  const copy = await cloud.objects.copy({ container: name, name: 'o' }, { container: name, name: 'dir/p' })
  expect(copy).toMatchObject({ name: 'dir/p', etag: md5, metadata: { c: '3' } })
  await cloud.objects.delete(name, 'o')
  await expect(cloud.objects.get(name, 'o')).rejects.toMatchObject({ name: 'NotFoundError' })
  await expect(cloud.objects.delete(name, 'o')).rejects.toMatchObject({ name: 'NotFoundError' })
})

test('objects are listed page by page, by prefix, and as folders', async () => {
  const name = await container()
  for (const one of ['a', 'b', 'd/1', 'd/2', 'é&?']) await cloud.objects.put(name, one, Buffer.from(one))
  const page = await cloud.objects.list(name, { limit: 2 })
  expect(page).toMatchObject({ items: [{ name: 'a', bytes: 1 }, { name: 'b' }], marker: 'b' })
  expect(page.items.map(({ kind }) => kind)).toEqual(['object', 'object'])
  const names = (list: readonly (ObjectEntry | ObjectFolder)[]) =>
    list.map((one) => (one.kind === 'folder' ? one.folder : one.name))
  for (const limit of [undefined, 1, 2, 5, 100]) {
    expect(names(await cloud.objects.list(name, { limit }).toArray())).toEqual(['a', 'b', 'd/1', 'd/2', 'é&?'])
  }
  expect(names(await cloud.objects.list(name, { prefix: 'd/' }).toArray())).toEqual(['d/1', 'd/2'])
  expect(names(await cloud.objects.list(name, { delimiter: '/', limit: 1 }).toArray())).toEqual(['a', 'b', 'd/', 'é&?'])
  expect((await cloud.objects.list(name, { limit: 0 })).items).toEqual([])
  await expect(cloud.objects.list(name, { limit: -1 })).rejects.toThrow(/whole number/)
})

test('containers are made twice, described, listed, and deleted when they are empty', async () => {
  const name = await container()
  await cloud.objects.createContainer(name, { metadata: { purpose: 'images' } })
  await cloud.objects.put(name, 'o', data)
  expect(await cloud.objects.statContainer(name)).toMatchObject({
    objects: 1,
    bytes: data.byteLength,
    metadata: { purpose: 'images' },
  })
  await cloud.objects.setContainerMetadata(name, { purpose: 'none' })
  expect((await cloud.objects.statContainer(name)).metadata).toEqual({ purpose: 'none' })
  expect((await cloud.objects.listContainers({ limit: 1 }).toArray()).map((one) => one.name)).toContain(name)
  await expect(cloud.objects.deleteContainer(name)).rejects.toMatchObject({ name: 'ConflictError' })
  await cloud.objects.delete(name, 'o')
  await cloud.objects.deleteContainer(name)
  await expect(cloud.objects.statContainer(name)).rejects.toMatchObject({ name: 'NotFoundError' })
  await expect(cloud.objects.put(name, 'o', data)).rejects.toMatchObject({ name: 'NotFoundError' })
})

test.each(['', 'a/b', '..'])('%s is no container', async (name) => {
  await expect(cloud.objects.createContainer(name)).rejects.toMatchObject({ name: 'UsageError' })
})

test('a line break cannot be smuggled into a header', async () => {
  const metadata = { a: 'b\r\nx-evil: 1' }
  await expect(cloud.objects.put(await container(), 'o', data, { metadata })).rejects.toMatchObject({
    name: 'UsageError',
  })
})
