import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomDisk, startFaultServer } from '@tyrax/testkit'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { type Cloud, connect, fromFile, fromStream } from '@tyrax/sdk'

/** Checks the SDK's guarantees against the real Keystone, Glance and Swift. */

const { authUrl, imageUrl, clouds } = inject('openstack')
const run = randomUUID().slice(0, 8)
const data = randomDisk(20 * 1024 * 1024 + 3)
const sha512 = createHash('sha512').update(data).digest('hex')
const container = `sdk ${run} ü`
let demo: Cloud
let alt: Cloud
let folder: string

function login(name: 'demo' | 'alt', imageEndpointOverride?: string): Promise<Cloud> {
  const { username, password, projectName } = clouds[name]
  return connect({
    auth: { authUrl, username, password, projectName },
    imageEndpointOverride,
    retry: { delayMs: 50 },
  })
}

beforeAll(async () => {
  demo = await login('demo')
  alt = await login('alt')
  folder = await mkdtemp(join(tmpdir(), 'tyrax-live-'))
})
afterEach(async () => {
  for (const image of await mine()) {
    await demo.images.update(image, { protected: false })
    await demo.images.delete(image)
  }
})
afterAll(async () => {
  await demo?.close()
  await alt?.close()
  await rm(folder, { recursive: true, force: true })
})

const mine = () => demo.images.findAll({ tags: [run] })
const create = (fields: object = {}, cloud = demo) =>
  cloud.images.create({ name: `live ${run}`, diskFormat: 'raw', tags: [run], ...fields })

async function drain(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test('an image goes up from a file, a stream and an object, and comes back as it was', async () => {
  const path = join(folder, 'u.img')
  await writeFile(path, data)
  await demo.objects.createContainer(container)
  const object = await demo.objects.put(container, 'dir/ü.img', fromFile(path), { metadata: { os: 'Debian ü' } })
  expect(await demo.objects.get(container, 'dir/ü.img')).toMatchObject({
    etag: object.etag,
    metadata: { os: 'Debian ü' },
  })
  const stream = fromStream(new Blob([data]).stream())
  for (const source of [{ data: fromFile(path) }, { data: stream }, { obj: object }, { container, obj: 'dir/ü.img' }]) {
    const image = await create(source)
    expect(image).toMatchObject({ status: 'active', size: data.byteLength, osHashValue: sha512, verdict: 'verified' })
    expect((await drain((await demo.images.download(image)).stream)).equals(data)).toBe(true)
  }
  const [image] = await mine()
  const to = join(folder, 'down.img')
  expect(await demo.images.download(image?.id ?? '', { to })).toMatchObject({
    verdict: 'verified',
    bytes: data.byteLength,
  })
  expect((await readFile(to)).equals(data)).toBe(true)
  await demo.objects.delete(container, 'dir/ü.img')
  await demo.objects.deleteContainer(container)
})

test('objects are listed, read in parts, copied and described', async () => {
  const name = `${container} 2`
  await demo.objects.createContainer(name, { metadata: { purpose: 'test' } })
  for (const one of ['a', 'b', 'd/1', 'd/2']) await demo.objects.put(name, one, Buffer.from('0123456789'))
  expect(await demo.objects.list(name, { limit: 1 }).toArray()).toMatchObject([
    { name: 'a', bytes: 10 },
    { name: 'b' },
    { name: 'd/1' },
    { name: 'd/2' },
  ])
  expect(await demo.objects.list(name, { delimiter: '/' }).toArray()).toMatchObject([{}, {}, { folder: 'd/' }])
  const object = await demo.objects.get(name, 'a')
  expect((await drain(object.stream({ range: { start: 2, end: 4 } }))).toString()).toBe('234')
  await demo.objects.setMetadata(name, 'a', { c: '3' })
  const copy = await demo.objects.copy({ container: name, name: 'a' }, { container: name, name: 'e f?' })
  expect(copy).toMatchObject({ bytes: 10, metadata: { c: '3' } })
  expect((await demo.objects.listContainers({ prefix: name }).toArray()).map((one) => one.name)).toEqual([name])
  for (const one of ['a', 'b', 'd/1', 'd/2', 'e f?']) await demo.objects.delete(name, one)
  await demo.objects.deleteContainer(name)
  await expect(demo.objects.statContainer(name)).rejects.toMatchObject({ name: 'NotFoundError' })
})

test.each(['ubuntu:22.04', 'a,b', 'q"u"o', 'in:x', 'a&b=c', '%41', '名前'])(
  'an image called %s is found',
  async (name) => {
    const image = await create({ name: `${name} ${run}` })
    expect(await demo.images.find(`${name} ${run}`)).toMatchObject({ id: image.id })
  },
)

test('several tags, several sort keys and small pages give each match once', async () => {
  for (let i = 0; i < 5; i += 1) await create({ tags: [run, 'both'], name: `${run} ${i % 2}` })
  await create()
  const params = { tag: [run, 'both'], sort: ['name:asc', 'id:desc'], limit: 2 } as const
  const images = await demo.images.list(params).toArray()
  expect(new Set(images.map(({ id }) => id)).size).toBe(5)
  expect(images).toHaveLength(5)
  expect(images.map(({ name }) => name)).toEqual([0, 0, 0, 1, 1].map((n) => `${run} ${n}`))
  expect((await demo.images.list({ ...params, limit: 0 })).items).toEqual([])
  const marker = '11111111-1111-4111-8111-111111111111'
  await expect(demo.images.list({ marker })).rejects.toMatchObject({ name: 'ListInterruptedError' })
})

test('an image is changed with one patch, and with none when there is nothing to change', async () => {
  const image = await create({ properties: { keep: 'k', old: 'o', 'a/b~c': '1' } })
  const wanted = { name: 'new', minRam: 512, minDisk: null, properties: { added: 'x', old: null, 'a/b~c': '2' } }
  const updated = await demo.images.update(image.id, wanted)
  expect(updated).toMatchObject({ name: 'new', minRam: 512, properties: { keep: 'k', added: 'x', 'a/b~c': '2' } })
  expect(updated.properties).not.toHaveProperty('old')
  expect(await demo.images.update(image, wanted)).toEqual(updated)
})

test.each(['lts', 'c?d#e', 'a/b', '..', '%2F', '日本語', 'a&b=c'])('the tag %s is added and removed', async (tag) => {
  const image = await create()
  await demo.images.tags.add(image, tag)
  expect([...(await demo.images.get(image)).tags].sort()).toEqual([run, tag].sort())
  await demo.images.tags.remove(image, tag)
  expect((await demo.images.get(image)).tags).toEqual([run])
})

test('an image is shared and accepted, and only its members decide', async () => {
  const image = await create({ visibility: 'shared' })
  const project = alt.projectId ?? ''
  expect(await demo.images.members.add(image, project)).toMatchObject({ status: 'pending' })
  await expect(demo.images.updateImageMember(image.id, 'accepted')).rejects.toMatchObject({
    name: 'InvalidImageMember',
  })
  expect(await alt.images.updateImageMember(image.id, 'accepted')).toMatchObject({ status: 'accepted' })
  expect(await alt.images.find(`live ${run}`)).toMatchObject({ id: image.id })
  await demo.images.members.remove(image, project)
  await expect(alt.images.updateImageMember(image.id, 'accepted')).rejects.toMatchObject({ name: 'InvalidImageMember' })
  await demo.images.update(image, { visibility: 'private' })
  await expect(demo.images.members.add(image, project)).rejects.toMatchObject({ name: 'UnsharableImage' })
})

test('an empty image, a queued one and a protected one behave', async () => {
  const empty = await create({ data: new Uint8Array(), force: true })
  expect(empty).toMatchObject({ status: 'active', size: 0 })
  expect(await drain((await demo.images.download(empty)).stream)).toHaveLength(0)
  const queued = await create({ diskFormat: null, containerFormat: null })
  await expect(demo.images.download(queued)).rejects.toMatchObject({ name: 'ImageStatusError' })
  const result = await demo.images.upload(queued, data)
  expect(result).toMatchObject({ verdict: 'verified', image: { diskFormat: 'raw', containerFormat: 'bare' } })
  await demo.images.update(queued, { protected: true })
  await expect(demo.images.delete(queued)).rejects.toMatchObject({ name: 'ForbiddenError' })
})

type Fault = NonNullable<NonNullable<Parameters<typeof startFaultServer>[0]>['plan']>[number]['fault']

test.each<[string, Fault, number]>([
  ['reset before the first byte', { type: 'reset' }, 2],
  ['reset in the middle', { type: 'reset', afterRequestBytes: 9_000_000 }, 2],
  ['closed in the middle', { type: 'close', afterRequestBytes: 9_000_000 }, 2],
  ['left without an answer', { type: 'reset', afterResponseBytes: 'none' }, 1],
  ['refused with 401 after the last byte', { type: 'status', status: 401, afterRequestBytes: 'end' }, 2],
])('an upload that is %s ends well, with one image', async (_what, fault, puts) => {
  const endpoint = new URL(imageUrl)
  const plan = [{ match: { method: 'PUT', path: '/file', nth: 1 }, fault }]
  const faults = await startFaultServer({ upstream: endpoint.origin, plan })
  const cloud = await login('demo', `${faults.url}${endpoint.pathname}`)
  try {
    expect(await create({ data }, cloud)).toMatchObject({ status: 'active', verdict: 'verified', osHashValue: sha512 })
    expect(faults.requests.filter(({ method }) => method === 'PUT')).toHaveLength(puts)
    expect(await mine()).toHaveLength(1)
  } finally {
    await cloud.close()
    await faults.close()
  }
})
