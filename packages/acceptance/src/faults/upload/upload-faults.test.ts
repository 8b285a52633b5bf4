import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { startCloud } from '@tyrax/server'
import { type FaultServer, randomDisk, startFaultServer } from '@tyrax/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cloud, connect, fromStream, type Image } from '@tyrax/sdk'

type Plan = NonNullable<Parameters<typeof startFaultServer>[0]>['plan']

let server: Awaited<ReturnType<typeof startCloud>>
/** Connects directly to the embedded cloud, to read the actual state. */
let direct: Cloud

beforeAll(async () => {
  server = await startCloud({ port: 0 })
  direct = await login()
})
afterAll(async () => {
  await direct?.close()
  await server?.close()
})

function login(imageEndpointOverride?: string): Promise<Cloud> {
  return connect({
    auth: { authUrl: server.authUrl, username: 'demo', password: 'secret', projectName: 'demo' },
    imageEndpointOverride,
    retry: { delayMs: 1 },
    timeouts: { idleTimeoutMs: 2000 },
  })
}

/** A cloud whose image service fails as planned. */
async function faulty(plan: Plan) {
  const faults = await startFaultServer({ upstream: new URL(server.authUrl).origin, plan })
  const cloud = await login(`${faults.url}/image/v2`)
  return {
    cloud,
    faults,
    async [Symbol.asyncDispose]() {
      await cloud.close()
      await faults.close()
    },
  }
}

const puts = ({ requests }: FaultServer) => requests.filter(({ method }) => method === 'PUT').length
const data = randomDisk(3 * 1024 * 1024 + 1)
const sha512 = createHash('sha512').update(data).digest('hex')
const once = () => fromStream(new Blob([data]).stream(), { size: data.byteLength })
const left = async (name: string) => direct.images.findAll(name)
const create = (cloud: Cloud, fields: object = {}) =>
  cloud.images.create({ name: 'wanted', diskFormat: 'raw', data, ...fields })
const put = { method: 'PUT', path: '/file' }

/** The images with the name, which are then removed. */
async function taken(): Promise<Image[]> {
  const images = await left('wanted')
  for (const image of images) await direct.images.delete(image)
  return images
}
const whole = [{ status: 'active', size: data.byteLength, osHashValue: sha512 }]

test.each<[string, NonNullable<Plan>[number]['fault']]>([
  ['reset before the first byte', { type: 'reset' }],
  ['reset in the middle', { type: 'reset', afterRequestBytes: 1_000_000 }],
  ['closed in the middle', { type: 'close', afterRequestBytes: 1_000_000 }],
  ['reset after the last byte', { type: 'reset', afterRequestBytes: 'end' }],
  ['answered 503 before the first byte', { type: 'status', status: 503, headers: { 'retry-after': '0' } }],
  [
    'answered 502 with HTML after the last byte',
    { type: 'status', status: 502, body: '<html>bad</html>', afterRequestBytes: 'end' },
  ],
])('an upload that is %s is sent again, to the same image', async (_what, fault) => {
  await using scene = await faulty([{ match: { ...put, nth: 1 }, fault }])
  const image = await create(scene.cloud)
  expect(image.verdict).toBe('verified')
  expect(scene.faults.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
  expect(await taken()).toMatchObject(whole)
})

test.each(['reset', 'close'] as const)('an upload whose answer is lost by %s is not sent twice', async (type) => {
  await using scene = await faulty([{ match: { ...put, nth: 1 }, fault: { type, afterResponseBytes: 'none' } }])
  const image = await create(scene.cloud)
  expect(image.verdict).toBe('verified')
  expect(puts(scene.faults)).toBe(1)
  expect(await taken()).toMatchObject(whole)
})

test('an answer lost on an upload from a stream is success all the same', async () => {
  await using scene = await faulty([
    { match: { ...put, nth: 1 }, fault: { type: 'reset', afterResponseBytes: 'none' } },
  ])
  const image = await create(scene.cloud, { data: once() })
  expect(image.verdict).toBe('verified')
  expect(await taken()).toMatchObject(whole)
})

test('a stream is never sent twice: the upload fails, and leaves nothing', async () => {
  await using scene = await faulty([
    { match: { ...put, nth: 1 }, fault: { type: 'reset', afterRequestBytes: 1_000_000 } },
  ])
  await expect(create(scene.cloud, { data: once() })).rejects.toMatchObject({ name: 'ConnectionError' })
  expect(puts(scene.faults)).toBe(1)
  expect(await left('wanted')).toEqual([])
})

test.each<[number, string]>([
  [400, 'BadRequestError'],
  [403, 'ForbiddenError'],
  [410, 'GoneError'],
  [413, 'OverLimitError'],
  [415, 'UnsupportedMediaTypeError'],
])('an upload that is refused with %i is not repeated, and leaves nothing', async (status, name) => {
  await using scene = await faulty([
    { match: put, fault: { type: 'status', status, afterRequestBytes: 1000, unread: 'close' } },
  ])
  await expect(create(scene.cloud)).rejects.toMatchObject({ name, status })
  expect(puts(scene.faults)).toBe(1)
  expect(await left('wanted')).toEqual([])
})

test('a refusal arrives although the stream that is sent stays silent', async () => {
  const silent = new Readable({ read() {} })
  silent.push(data)
  await using scene = await faulty([
    { match: put, fault: { type: 'status', status: 413, afterRequestBytes: 1000, unread: 'close' } },
  ])
  await expect(create(scene.cloud, { data: fromStream(silent) })).rejects.toMatchObject({ name: 'OverLimitError' })
  expect(silent.destroyed).toBe(true)
  expect(await taken()).toEqual([])
})

test('an upload that keeps failing ends with the last error, and leaves nothing', async () => {
  await using scene = await faulty([
    { match: put, fault: { type: 'status', status: 503, headers: { 'retry-after': '0' } } },
  ])
  await expect(create(scene.cloud)).rejects.toMatchObject({ name: 'ServerError', status: 503 })
  expect(puts(scene.faults)).toBe(5)
  expect(await left('wanted')).toEqual([])
})

test('a token that is refused is renewed, and the data sent again in full', async () => {
  await using scene = await faulty([
    { match: { ...put, nth: 1 }, fault: { type: 'status', status: 401, afterRequestBytes: 'end' } },
  ])
  const image = await create(scene.cloud)
  expect(image.verdict).toBe('verified')
  expect(await taken()).toMatchObject(whole)
})

test('data that was refused with its record gone goes to a new record, once', async () => {
  await using scene = await faulty([
    { match: { ...put, nth: 1 }, fault: { type: 'status', status: 401, afterRequestBytes: 'end' } },
    { match: { ...put, nth: 2 }, fault: { type: 'status', status: 404 } },
    { match: { method: 'GET', path: '/images/', nth: 1 }, fault: { type: 'status', status: 404 } },
  ])
  const image = await create(scene.cloud)
  expect(image.verdict).toBe('verified')
  expect(scene.faults.requests.filter(({ method }) => method === 'POST')).toHaveLength(2)
  expect(await taken()).toMatchObject(whole)
})

test('an image that the server is still saving is waited for, not sent to', async () => {
  const saving = { status: 'saving', tags: [], created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' }
  await using scene = await faulty([
    { match: { ...put, nth: 1 }, fault: { type: 'reset', afterResponseBytes: 'none' } },
    {
      match: { method: 'GET', path: '/images/', count: 3 },
      fault: { type: 'body', body: JSON.stringify({ id: 'x', ...saving }) },
    },
  ])
  const image = await create(scene.cloud)
  expect(image.verdict).toBe('verified')
  expect(puts(scene.faults)).toBe(1)
  expect(await taken()).toMatchObject(whole)
})

test('an image that is deleted while it is uploaded is an error, not a new image', async () => {
  await using scene = await faulty([])
  const deleting = async function* () {
    yield data
    const [image] = await direct.images.findAll('wanted')
    if (image) await direct.images.delete(image)
    yield data
  }
  await expect(create(scene.cloud, { data: fromStream(deleting()) })).rejects.toMatchObject({ status: 410 })
  expect(await left('wanted')).toEqual([])
})

test('data that the server stores otherwise is an integrity error, and the image is removed', async () => {
  const wrong = 'f'.repeat(128)
  const { id } = await direct.images.create({ name: 'another', diskFormat: 'raw', data: Buffer.from('x') })
  const record = JSON.stringify({
    id,
    status: 'active',
    size: data.byteLength,
    os_hash_algo: 'sha512',
    os_hash_value: wrong,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    tags: [],
  })
  await using scene = await faulty([
    { match: { method: 'GET', path: '/images/[^/]+$' }, fault: { type: 'body', body: record } },
  ])
  await expect(create(scene.cloud)).rejects.toMatchObject({
    name: 'IntegrityError',
    what: 'sha512',
    expected: sha512,
    actual: wrong,
  })
  expect(await left('wanted')).toEqual([])
})

test('a server that hashes otherwise is compared by its own hash, and one without hashes is not claimed to be verified', async () => {
  const seen = async (fields: object, source: object = {}) => {
    const record = JSON.stringify({
      id: '11111111-1111-4111-8111-111111111111',
      status: 'active',
      size: data.byteLength,
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
      tags: [],
      ...fields,
    })
    await using scene = await faulty([
      { match: { method: 'GET', path: '/images/[^/]+$' }, fault: { type: 'body', body: record } },
    ])
    const { verdict } = await create(scene.cloud, source)
    return verdict
  }
  const hash = (algorithm: string) => createHash(algorithm).update(data).digest('hex')
  expect(await seen({ os_hash_algo: 'sha256', os_hash_value: hash('sha256') })).toBe('verified')
  expect(await seen({ os_hash_algo: 'sha256', os_hash_value: hash('sha256') }, { data: once() })).toBe('unverifiable')
  expect(await seen({ checksum: hash('md5') })).toBe('verified')
  expect(await seen({ checksum: hash('md5') }, { data: once() })).toBe('verified')
  expect(await seen({ os_hash_algo: 'sha999', os_hash_value: 'x', checksum: hash('md5') })).toBe('verified')
  for (const name of ['constructor', '__proto__', 'toString']) {
    expect(await seen({ os_hash_algo: name, os_hash_value: 'x', checksum: hash('md5') })).toBe('verified')
    expect(await seen({ os_hash_algo: name, os_hash_value: 'x' })).toBe('unverifiable')
  }
  expect(await seen({})).toBe('unverifiable')
  for (const image of await left('wanted')) await direct.images.delete(image)
})

test.each(['reset', 'close'] as const)('a record whose answer is lost by %s is made once', async (type) => {
  await using scene = await faulty([{ match: { method: 'POST', nth: 1 }, fault: { type, afterResponseBytes: 'none' } }])
  await create(scene.cloud)
  expect(await taken()).toMatchObject(whole)
})

test('a record whose answer is no image is removed', async () => {
  await using scene = await faulty([{ match: { method: 'POST' }, fault: { type: 'body', body: '<html>hello</html>' } }])
  await expect(create(scene.cloud)).rejects.toMatchObject({ name: 'MalformedResponseError' })
  expect(await left('wanted')).toEqual([])
})

test('a record that cannot be removed is named on the error', async () => {
  await using scene = await faulty([
    { match: put, fault: { type: 'status', status: 413 } },
    { match: { method: 'DELETE' }, fault: { type: 'status', status: 409 } },
  ])
  const error = await create(scene.cloud).catch((reason: unknown) => reason)
  const [image] = await left('wanted')
  expect(error).toMatchObject({ status: 413, leftBehind: { imageId: image?.id, cause: { status: 409 } } })
  if (image) await direct.images.delete(image)
})

test('deleting whose answer is lost is done', async () => {
  const image = await direct.images.create({ name: 'going', diskFormat: 'raw' })
  await using scene = await faulty([
    { match: { method: 'DELETE', nth: 1 }, fault: { type: 'reset', afterResponseBytes: 'none' } },
  ])
  await scene.cloud.images.delete(image)
  await expect(direct.images.get(image)).rejects.toMatchObject({ status: 404 })
})
