import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCloud } from '@tyrax/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { randomDisk } from '@tyrax/testkit'
import type { Cloud } from '../../cloud/cloud.js'
import { type HttpError, NotFoundError } from '../../errors/http-error.js'
import { connect, fromFile, fromStream } from '../../node/index.js'
import type { Progress } from '../../transfer/progress.js'
import type { Image } from './image.js'

let server: Awaited<ReturnType<typeof startCloud>>
let cloud: Cloud
let other: Cloud
let folder: string

beforeAll(async () => {
  server = await startCloud({ port: 0 })
  const login = (name: string) =>
    connect({ auth: { authUrl: server.authUrl, username: name, password: 'secret', projectName: name } })
  cloud = await login('demo')
  other = await login('admin')
  folder = await mkdtemp(join(tmpdir(), 'tyrax-images-'))
})
afterAll(async () => {
  await cloud?.close()
  await other?.close()
  await server?.close()
  await rm(folder, { recursive: true, force: true })
})

const data = randomDisk(2 * 1024 * 1024 + 3)
const sha512 = createHash('sha512').update(data).digest('hex')
let names = 0
const newName = () => `image ${(names += 1)}`
const record = (fields: object = {}) => cloud.images.create({ name: newName(), diskFormat: 'raw', ...fields })
const withData = (fields: object = {}) => record({ data, ...fields })

async function drain(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test('create makes an image of bytes, and resolves when it is active and compared', async () => {
  const image = await withData({ tags: ['a', 'a'], minRam: 64, properties: { os_distro: 'debian' } })
  expect(image).toMatchObject({
    status: 'active',
    size: data.byteLength,
    osHashAlgo: 'sha512',
    osHashValue: sha512,
    containerFormat: 'bare',
    tags: ['a'],
    minRam: 64,
    properties: { os_distro: 'debian' },
    verdict: 'verified',
  })
})

test('create takes a file, a stream and a Blob', async () => {
  const path = join(folder, 'u.img')
  await writeFile(path, data)
  const stream = () => new Blob([data]).stream()
  for (const source of [
    fromFile(path),
    fromStream(stream()),
    fromStream(stream(), { size: data.byteLength }),
    new Blob([data]),
  ]) {
    const image = await withData({ data: source })
    expect(image).toMatchObject({ status: 'active', osHashValue: sha512, verdict: 'verified' })
  }
})

test('create without data makes a queued record, vhd and bare unless it is told otherwise', async () => {
  const image = await cloud.images.create({ name: newName() })
  expect(image).toMatchObject({ status: 'queued', diskFormat: 'vhd', containerFormat: 'bare', size: null })
  expect(image.verdict).toBeUndefined()
  const undecided = await cloud.images.create({ name: newName(), diskFormat: null, containerFormat: null })
  expect(undecided).toMatchObject({ diskFormat: null, containerFormat: null })
})

test('create sends metadata as properties', async () => {
  const image = await record({ metadata: { a: '1', b: '2' }, properties: { b: '3' } })
  expect(image.properties).toEqual({ a: '1', b: '3' })
})

test('create takes the data of an object in object storage, by name or as it is', async () => {
  await cloud.objects.createContainer('imgs')
  const object = await cloud.objects.put('imgs', 'dir/u.img', data)
  expect(await withData({ data: undefined, container: 'imgs', obj: 'dir/u.img' })).toMatchObject({
    osHashValue: sha512,
  })
  expect(await withData({ data: undefined, obj: object })).toMatchObject({ osHashValue: sha512, verdict: 'verified' })
  expect(await withData({ data: undefined, obj: object })).toMatchObject({ osHashValue: sha512 })
})

const qcow2 = Buffer.concat([Buffer.from('514649fb00000003', 'hex'), Buffer.alloc(65536)])

test.each<[string, object, string, RegExp]>([
  ['half a source', { data: undefined, container: 'imgs' }, 'UsageError', /names no object/],
  ['an object without a container', { data: undefined, obj: 'u.img' }, 'UsageError', /in no container/],
  ['a path where data should be', { data: 'u.img' }, 'UsageError', /no bytes|that no bytes/],
  ['no name', { name: '' }, 'UsageError', /needs a name/],
  ['a name of 256 characters', { name: 'n'.repeat(256) }, 'UsageError', /more than 255/],
  ['a reserved property', { properties: { deleted: 'x' } }, 'UsageError', /reserved/],
  ['a property that is no string', { properties: { cpu: 2 } }, 'UsageError', /are strings/],
  ['a field of the server', { status: 'active' }, 'UsageError', /cannot be set/],
  ['a field that does not exist', { colour: 'red' }, 'UsageError', /no field colour/],
  ['empty data', { data: new Uint8Array() }, 'SourceError', /is empty/],
  ['a file that is a directory', { data: fromFile('/') }, 'SourceError', /is a directory/],
  ['a qcow2 that is declared vhd', { data: qcow2, diskFormat: undefined }, 'DiskFormatMismatch', /is qcow2/],
  ['a qcow2 that is declared raw', { data: qcow2 }, 'DiskFormatMismatch', /is qcow2/],
  ['no data to detect a format of', { data: undefined, diskFormat: 'auto' }, 'UsageError', /no disk format to detect/],
])('create refuses %s before anything is made', async (_what, fields, name, message) => {
  const before = await cloud.images.listAll()
  const error = await withData(fields).then(
    () => undefined,
    (reason: unknown) => reason as Error,
  )
  expect(error).toMatchObject({ name })
  expect(error?.message).toMatch(message)
  expect(await cloud.images.listAll()).toHaveLength(before.length)
})

test('create detects the format when asked to', async () => {
  expect(await withData({ diskFormat: 'auto' })).toMatchObject({ diskFormat: 'raw' })
})

test('an empty image can be forced', async () => {
  expect(await withData({ data: new Uint8Array(), force: true })).toMatchObject({ status: 'active', size: 0 })
})

test('create leaves nothing behind when the source breaks, or the caller stops it', async () => {
  const before = (await cloud.images.listAll()).length
  const broken = async function* () {
    yield data
    throw new Error('the cable was pulled')
  }
  await expect(withData({ data: fromStream(broken()) })).rejects.toMatchObject({ name: 'SourceError' })
  const control = new AbortController()
  const endless = async function* () {
    yield data
    control.abort()
    for (;;) yield data
  }
  await expect(withData({ data: fromStream(endless()), signal: control.signal })).rejects.toMatchObject({
    name: 'AbortError',
  })
  expect(await cloud.images.listAll()).toHaveLength(before)
})

test('create keeps the record of a failed upload when it is told to', async () => {
  const name = newName()
  const broken = fromStream(
    (async function* () {
      yield data
      throw new Error('gone')
    })(),
  )
  await expect(withData({ name, data: broken, keepOnFailure: true })).rejects.toMatchObject({ name: 'SourceError' })
  expect(await cloud.images.find(name)).toMatchObject({ name })
})

test('the phases of a transfer are reported, each to its end', async () => {
  const seen: Progress[] = []
  const image = await withData({ onProgress: (progress: Progress) => seen.push(progress) })
  const { stream } = await cloud.images.download(image, { onProgress: (progress) => seen.push(progress) })
  await drain(stream)
  expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(['inspect', 'upload', 'server', 'download'])
  for (const phase of ['upload', 'download']) {
    expect(seen.filter((one) => one.phase === phase).at(-1)).toMatchObject({
      bytes: data.byteLength,
      total: data.byteLength,
    })
  }
})

test('upload gives a queued image its data, and a format when it has none', async () => {
  const image = await record({ diskFormat: null, containerFormat: null })
  const result = await cloud.images.upload(image, data)
  expect(result).toMatchObject({
    verdict: 'verified',
    bytes: data.byteLength,
    osHashAlgo: 'sha512',
    osHashValue: sha512,
    image: { id: image.id, status: 'active', diskFormat: 'raw', containerFormat: 'bare' },
  })
  await expect(cloud.images.upload(image.id, data)).rejects.toMatchObject({
    name: 'ImageStatusError',
    status: 'active',
  })
})

test('download streams the bytes', async () => {
  const image = await withData()
  const download = await cloud.images.download(image.id)
  expect(download.image.id).toBe(image.id)
  expect((await drain(download.stream)).equals(data)).toBe(true)
})

test('download writes a file, and refuses one that is there', async () => {
  const image = await withData()
  const to = join(folder, 'down.img')
  expect(await cloud.images.download(image, { to })).toMatchObject({
    path: to,
    bytes: data.byteLength,
    verdict: 'verified',
  })
  expect((await readFile(to)).equals(data)).toBe(true)
  await expect(cloud.images.download(image, { to })).rejects.toMatchObject({ name: 'TargetError' })
  await cloud.images.download(image, { to, overwrite: true })
  await expect(cloud.images.download(image, { to: folder })).rejects.toThrow(/is a directory/)
  expect((await readdir(folder)).filter((name) => name.startsWith('down'))).toEqual(['down.img'])
})

test('a queued image has nothing to download, and a deactivated one gives nothing out', async () => {
  const image = await record()
  await expect(cloud.images.download(image)).rejects.toMatchObject({ name: 'ImageStatusError', status: 'queued' })
  const full = await withData({ visibility: 'private' })
  await other.images.deactivate(full)
  await other.images.deactivate(full)
  await expect(cloud.images.download(full)).rejects.toMatchObject({ name: 'ImageStatusError', status: 'deactivated' })
  await other.images.reactivate(full)
  expect(await cloud.images.get(full)).toMatchObject({ status: 'active' })
})

test('update changes what is given and answers with the new image', async () => {
  const image = await record({ properties: { keep: 'k', old: 'o', 'a/b~c': '1' } })
  const updated = await cloud.images.update(image.id, {
    name: 'new',
    minRam: 512,
    tags: ['x', 'y'],
    properties: { os_distro: 'debian', old: null, never: null, 'a/b~c': '2', update: 'u' },
  })
  expect(updated).toMatchObject({
    name: 'new',
    minRam: 512,
    properties: { keep: 'k', os_distro: 'debian', 'a/b~c': '2', update: 'u' },
  })
  expect(updated.properties).not.toHaveProperty('old')
  expect([...updated.tags].sort()).toEqual(['x', 'y'])
  expect(await cloud.images.changeImageName(image, 'again')).toMatchObject({ name: 'again', minRam: 512 })
})

test('updates of one property that cross each other both end well', async () => {
  const image = await record()
  const updates = ['1', '2', '3', null, '4', null].map((value) =>
    cloud.images.update(image, { properties: { crossed: value } }),
  )
  await Promise.all(updates)
  expect(await cloud.images.update(image, { properties: { crossed: 'last' } })).toMatchObject({
    properties: { crossed: 'last' },
  })
})

test('lists page by page, and all of it', async () => {
  const tag = `page ${randomUUID().slice(0, 8)}`
  const made: Image[] = []
  for (let i = 0; i < 7; i += 1) made.push(await record({ tags: [tag, 'both'] }))
  await record({ tags: [tag] })
  const params = { tag: [tag, 'both'], sort: ['created_at:asc', 'id:asc'] } as const
  const page = await cloud.images.list({ ...params, limit: 3 })
  expect(page.items).toHaveLength(3)
  expect(page.marker).toBe(page.items[2]?.id)
  const ids: string[] = []
  for await (const image of cloud.images.list({ ...params, limit: 3 })) ids.push(image.id)
  expect(new Set(ids)).toEqual(new Set(made.map(({ id }) => id)))
  expect(ids).toHaveLength(7)
  expect((await cloud.images.listAll(params)).map(({ id }) => id)).toEqual(ids)
  expect(await cloud.images.list({ ...params, limit: 3, marker: ids[2] }).toArray()).toHaveLength(4)
  expect((await cloud.images.list({ ...params, limit: 0 })).items).toEqual([])
  expect(await cloud.images.list({ ...params, limit: 1_000_000_000 }).toArray()).toHaveLength(7)
})

test('lists as the server sent it', async () => {
  const raw = await cloud.images.list({ limit: 1, returnRaw: true })
  expect(raw.status).toBe(200)
  expect(raw.headers.get('content-type')).toContain('json')
  expect(raw.body).toMatchObject({ images: [{ min_disk: 0 }], schema: '/v2/schemas/images' })
})

test.each([-1, 0.5, Number.NaN])('a page of %s images is refused before anything is sent', async (limit) => {
  await expect(cloud.images.list({ limit })).rejects.toMatchObject({ name: 'UsageError' })
  await expect(cloud.images.list({ limit, returnRaw: true })).rejects.toMatchObject({ name: 'UsageError' })
})

test('a marker that is gone is an error, not a short list', async () => {
  const marker = '11111111-1111-4111-8111-111111111111'
  await expect(cloud.images.list({ marker })).rejects.toMatchObject({ name: 'ListInterruptedError', marker })
})

test.each(['ubuntu:22.04', 'a,b', 'q"u"o', 'in:x', 'back\\', 'a&b=c', ' "a", b ', '%41', '名前', 'eq:'])(
  'an image called %s is found by its name',
  async (name) => {
    const image = await record({ name })
    expect(await cloud.images.find(name)).toMatchObject({ id: image.id, name })
    expect((await cloud.images.list({ name })).items).toHaveLength(1)
  },
)

test('several names are any of them', async () => {
  const [one, two] = [await record({ name: 'x,:1' }), await record({ name: 'x,:2' })]
  const found = await cloud.images.listAll({ name: ['x,:1', 'x,:2'] })
  expect(new Set(found.map(({ id }) => id))).toEqual(new Set([one.id, two.id]))
})

test('find looks at all pages, takes names, ids and attributes, and names the candidates', async () => {
  const name = newName()
  const images = await Promise.all(Array.from({ length: 30 }, () => record({ name, properties: { n: '1' } })))
  const last = await record({ name, properties: { n: '2' } })
  expect(await cloud.images.findAll(name)).toHaveLength(31)
  expect(await cloud.images.find(last.id)).toMatchObject({ id: last.id })
  expect(await cloud.images.find({ name, properties: { n: '2' } })).toMatchObject({ id: last.id })
  expect(await cloud.images.findAll({ name, status: 'queued', minRam: 0 })).toHaveLength(31)
  const error = await cloud.images.find(name).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'NoUniqueMatch' })
  expect((error as { candidates: unknown[] }).candidates).toHaveLength(31)
  expect((error as { candidates: { id: string }[] }).candidates.map(({ id }) => id)).toContain(images[0]?.id)
  await expect(cloud.images.find('no such image')).rejects.toMatchObject({ name: 'NoMatchError' })
  await expect(cloud.images.find('11111111-1111-4111-8111-111111111111')).rejects.toMatchObject({
    name: 'NoMatchError',
  })
})

test.each<[object, RegExp]>([
  [{ nmae: 'x' }, /nmae/],
  [{ __proto__: null, constructor: 'x' }, /constructor/],
  [{ os_distro: 'debian' }, /os_distro/],
  [{ tags: 'lts' }, /list/],
  [{ properties: 'os_distro=debian' }, /object/],
  [{ createdAt: new Date() }, /createdAt/],
  [{ minRam: '512' }, /minRam of that type/],
  [{ protected: 'yes' }, /protected of that type/],
  [{ tags: [1] }, /list of strings/],
  [{ properties: { n: 1 } }, /object of strings/],
  [{ visibility: 'pubic' }, /visibility cannot be/],
])('find refuses what images cannot be found by, whether there are images or none: %o', async (wanted, words) => {
  await record()
  for (const attributes of [wanted, { ...wanted, name: newName() }]) {
    const error: unknown = await cloud.images.findAll(attributes).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'UsageError', message: expect.stringMatching(words) as string })
  }
})

test.each([undefined, null, 7, ['name'], {}, { name: undefined }, ''])(
  'find refuses %o before it asks the server',
  async (wanted) => {
    const error: unknown = await cloud.images.find(wanted as string).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'UsageError' })
  },
)

test('find sees hidden images and other projects’ community images by name', async () => {
  const hidden = await record({ osHidden: true })
  expect(await cloud.images.find(hidden.name ?? '')).toMatchObject({ id: hidden.id })
  const community = await other.images.create({ name: newName(), visibility: 'community' })
  expect(await cloud.images.find(community.name ?? '')).toMatchObject({ id: community.id })
})

test('a deleted image is gone, and a protected one stays', async () => {
  const image = await record({ protected: true })
  await expect(cloud.images.delete(image)).rejects.toMatchObject({ name: 'ForbiddenError', status: 403 })
  await cloud.images.update(image, { protected: null })
  await cloud.images.delete(image)
  await expect(cloud.images.get(image)).rejects.toMatchObject({ name: 'NotFoundError' })
  await expect(cloud.images.delete(image)).rejects.toMatchObject({ name: 'NotFoundError' })
})

test('wait ends with the status, the deadline, or when there is no hope', async () => {
  const image = await record()
  const polled: string[] = []
  const waiting = cloud.images.wait(image, { intervalMs: 10, onPoll: ({ status }) => polled.push(status) })
  await cloud.images.upload(image, data)
  expect(await waiting).toMatchObject({ status: 'active' })
  expect(polled.at(-1)).toBe('active')
  const byOldName: string[] = []
  await cloud.images.wait(image, { onLook: ({ status }) => byOldName.push(status) })
  expect(byOldName).toEqual(['active'])
  const idle = await record()
  await expect(cloud.images.wait(idle, { intervalMs: 5, timeoutMs: 20 })).rejects.toMatchObject({
    name: 'TimeoutError',
    limit: 'deadline',
  })
  const going = cloud.images.wait(idle, { intervalMs: 5, for: 'deleted' })
  await cloud.images.wait(idle, { for: 'queued' })
  await cloud.images.delete(idle)
  expect(await going).toMatchObject({ status: 'deleted' })
  await expect(cloud.images.wait(image, { for: 'broken' as 'active' })).rejects.toMatchObject({ name: 'UsageError' })
})

test('an error says what the server said, without HTML, and names the request', async () => {
  const id = '11111111-1111-4111-8111-111111111111'
  const error = (await cloud.images.get(id).catch((reason: unknown) => reason)) as HttpError
  expect(error).toBeInstanceOf(NotFoundError)
  expect(error.message).toContain(id)
  expect(error.message).not.toMatch(/<|\n/)
  expect(error.requestId).toMatch(/^req-/)
  expect(error).toMatchObject({ status: 404, retryable: false, method: 'GET' })
})

test('a property that is removed is gone from what is read next', async () => {
  const image = await record({ properties: { human_id: 'x', update: 'y', get: 'z' } })
  expect(image.properties).toEqual({ human_id: 'x', update: 'y', get: 'z' })
  await cloud.images.update(image, { properties: { update: null } })
  expect((await cloud.images.get(image)).properties).toEqual({ human_id: 'x', get: 'z' })
})
