import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { Fault } from '@tyrax/server'
import { failure, faultyCloud, type FaultyCloud, type FaultyPlans, someData } from '../faulty-cloud.js'
import { imageId, scriptedGlance, wireImage, wireTask } from './scripted-glance.js'

const posted = { method: 'POST', path: '/import$' } as const
const config = {
  projects: ['demo'],
  users: [{ name: 'demo', password: 'secret', project: 'demo', roles: ['admin' as const] }],
  image: {
    stores: [{ id: 'cheap' }, { id: 'fast', default: true }, { id: 'frozen', readOnly: true }],
    importFilter: { allowedHosts: ['127.0.0.1'], allowedPorts: [] },
  },
}
const cloudWith = (plans: FaultyPlans = {}) => faultyCloud(plans, {}, config)
const waited = { wait: true, timeoutMs: 60_000 } as const

async function website(page: RequestListener) {
  const server = createServer(page)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/disk.raw`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
const hasStarted = ({ image }: FaultyCloud) =>
  image.requests.some(({ method, path }) => method === 'POST' && path.endsWith('/import'))
const serving =
  (data: Buffer): RequestListener =>
  (_, response) =>
    void response.setHeader('content-length', data.length).end(data)

test.each<[string, Fault]>([
  ['reset', { type: 'reset', afterResponseBytes: 'none' }],
  ['closed', { type: 'close', afterResponseBytes: 'none' }],
  ['replaced by a 502', { type: 'status', status: 502, afterResponseBytes: 'none' }],
])('I1: a 202 that is %s is followed by a 409, and the import has started', async (_what, fault) => {
  const { data, sha512 } = someData(100_000)
  await using web = await website(serving(data))
  await using under = await cloudWith({ image: [{ match: { ...posted, nth: 1 }, fault }] })
  const image = await under.cloud.images.create({ name: 'i', diskFormat: 'raw' })
  const result = await under.cloud.images.import(image, { uri: web.uri, via: 'web', ...waited })
  expect(result).toMatchObject({ via: 'web', isDone: true })
  expect(result.image).toMatchObject({ status: 'active', osHashValue: sha512 })
  expect(under.image.requests.filter(({ path }) => path.endsWith('/import'))).toHaveLength(2)
  expect(await under.direct.images.tasks.list(image)).toHaveLength(1)
})

test('I1: a 409 because of the import of another client is an error', async () => {
  const { data } = someData(1000)
  await using web = await website(serving(data))
  await using under = await cloudWith({
    image: [{ match: posted, fault: { type: 'status', status: 409, body: 'Image has active task' } }],
  })
  const image = await under.cloud.images.create({ name: 'i', diskFormat: 'raw' })
  const error = await failure(under.cloud.images.import(image, { uri: web.uri, via: 'web', ...waited }))
  expect(error).toMatchObject({ name: 'ConflictError' })
})

test.each([403, 404, 409])(
  'I4: a method that is advertised and ends in %d is replaced by an upload',
  async (status) => {
    const { data, sha512 } = someData(100_000)
    await using web = await website(serving(data))
    await using under = await cloudWith({ image: [{ match: posted, fault: { type: 'status', status } }] })
    const image = await under.cloud.images.create({ name: 'i', diskFormat: null })
    const result = await under.cloud.images.import(image, { uri: web.uri, ...waited })
    expect(result).toMatchObject({ via: 'upload', verdict: 'verified', refused: [{ via: 'web' }] })
    expect(result.image.osHashValue).toBe(sha512)
  },
)

test.each([403, 404, 409])('I4: a way that was named is not replaced after a %d', async (status) => {
  const { data } = someData(1000)
  await using web = await website(serving(data))
  await using under = await cloudWith({ image: [{ match: posted, fault: { type: 'status', status } }] })
  const image = await under.cloud.images.create({ name: 'i', diskFormat: 'raw' })
  const error = await failure(under.cloud.images.import(image, { uri: web.uri, via: 'web', ...waited }))
  expect(error).toMatchObject({ status })
  expect(await under.direct.images.get(image)).toMatchObject({ status: 'queued' })
})

test('I4: a cloud without a staging area refuses to stage, and nothing is left', async () => {
  await using under = await cloudWith({
    image: [{ match: { method: 'PUT', path: '/stage$' }, fault: { type: 'status', status: 404 } }],
  })
  const image = await under.cloud.images.create({ name: 'i', diskFormat: null })
  expect(await failure(under.cloud.images.stage(image, someData(1000).data))).toMatchObject({ name: 'NotFoundError' })
  expect((await under.direct.images.get(image)).status).toBe('queued')
})

test('I4: a download that the server cannot do is done from here, where any way will do', async () => {
  const { data } = someData(100_000)
  // This site turns away the server's request alone, the first one after the import was started.
  await using web = await website((request, response) => {
    if (!hasStarted(under) || wasTurnedAway) {
      serving(data)(request, response)
      return
    }
    wasTurnedAway = true
    response.writeHead(403).end()
  })
  let wasTurnedAway = false
  await using under = await cloudWith()
  const image = await under.cloud.images.create({ name: 'i', diskFormat: null })
  const result = await under.cloud.images.import(image, { uri: web.uri, ...waited })
  expect(result).toMatchObject({ via: 'upload', verdict: 'verified', refused: [{ via: 'web' }] })
  expect(wasTurnedAway).toBe(true)
})

test.each<[string, RequestListener, string]>([
  ['a 404', (_, response) => void response.writeHead(404).end(), 'SourceError'],
  ['a 403', (_, response) => void response.writeHead(403).end(), 'SourceError'],
  ['an HTML page', (_, response) => void response.end('<!DOCTYPE html><html>gone</html>'), 'DiskImageRefused'],
  ['a redirect loop', (_, response) => void response.writeHead(302, { location: '/disk.raw' }).end(), 'SourceError'],
  ['nothing', (_, response) => void response.end(), 'SourceError'],
])('I5: %s at the address is refused before anything is changed', async (_what, page, name) => {
  await using web = await website(page)
  await using under = await cloudWith()
  const image = await under.cloud.images.create({ name: 'i', diskFormat: null })
  const error = await failure(under.cloud.images.import(image, { uri: web.uri, ...waited }))
  expect(error).toMatchObject({ name })
  expect(under.image.requests.filter(({ method }) => method === 'PATCH' || method === 'PUT')).toEqual([])
  expect(await under.direct.images.get(image)).toMatchObject({ status: 'queued', diskFormat: null })
})

test.each([
  [100_000, 'SourceError'],
  [5_000_000, 'ImportFailedError'],
])('I5: %d bytes that are cut off are no image: %s', async (size, name) => {
  const { data } = someData(size)
  await using web = await website((_, response) => {
    response.setHeader('content-length', data.length + 5)
    response.write(data, () => response.destroy())
  })
  await using under = await cloudWith()
  const image = await under.cloud.images.create({ name: 'i', diskFormat: 'raw' })
  const error = await failure(under.cloud.images.import(image, { uri: web.uri, via: 'web', ...waited }))
  expect(error).toMatchObject({ name })
  expect((await under.direct.images.get(image)).status).toBe('queued')
})

test('I5: data without a declared length is imported, and nothing is said about its size', async () => {
  const { data, sha512 } = someData(100_000)
  await using web = await website((_, response) => {
    response.write(data.subarray(0, 50_000))
    response.end(data.subarray(50_000))
  })
  await using under = await cloudWith()
  const image = await under.cloud.images.create({ name: 'i', diskFormat: 'raw' })
  const result = await under.cloud.images.import(image, { uri: web.uri, via: 'web', ...waited })
  expect(result.image.osHashValue).toBe(sha512)
  expect(result.seen?.size).toBeUndefined()
})

test('I5: data that changes after the look at it is found out by its size, and cannot be booted', async () => {
  const { data } = someData(100_000)
  await using web = await website((request, response) => {
    serving(hasStarted(under) ? data.subarray(1) : data)(request, response)
  })
  await using under = await cloudWith()
  const image = await under.cloud.images.create({ name: 'i', diskFormat: 'raw' })
  const error = await failure(under.cloud.images.import(image, { uri: web.uri, via: 'web', ...waited }))
  expect(error).toMatchObject({ name: 'IntegrityError', what: 'size', expected: '100000', actual: '99999' })
  expect((await under.direct.images.get(image)).status).toBe('deactivated')
})

test('I6: one store of three fails: a failure where all must succeed', async () => {
  const { data } = someData(100_000)
  await using under = await cloudWith()
  const image = await under.cloud.images.create({ name: 'i', diskFormat: 'raw' })
  const stores = ['fast', 'frozen', 'cheap']
  const error = await failure(under.cloud.images.import(image, { source: data, stores, ...waited }))
  expect(error).toMatchObject({ name: 'ImportFailedError', status: 'queued' })
  expect((error as { failedStores: string[] }).failedStores).toContain('frozen')
})

test('I6: one store of three fails: a partial success with a result per store where they need not', async () => {
  const { data, sha512 } = someData(100_000)
  await using under = await cloudWith()
  const image = await under.cloud.images.create({ name: 'i', diskFormat: 'raw' })
  const stores = ['fast', 'frozen', 'cheap']
  const options = { source: data, stores, allStoresMustSucceed: false, ...waited }
  const result = await under.cloud.images.import(image, options)
  expect(result.image).toMatchObject({ status: 'active', osHashValue: sha512 })
  expect(result.storeResults).toEqual([
    { store: 'fast', status: 'success' },
    { store: 'frozen', status: 'failure' },
    { store: 'cheap', status: 'success' },
  ])
})

test('I8: an image that the server has converted is not compared, and says so', async () => {
  const { data } = someData(1000)
  await using web = await website(serving(data))
  const route = `GET /images/${imageId}`
  const converted = {
    status: 'active',
    disk_format: 'qcow2',
    size: 196_608,
    os_hash_algo: 'sha512',
    os_hash_value: 'ab',
  }
  await using under = await scriptedGlance({
    [route]: [wireImage(), wireImage(), wireImage(), wireImage(converted)],
    'GET /info/import': [{ 'import-methods': { value: ['web-download'] } }],
    [`POST /images/${imageId}/import`]: [202],
    [`${route}/tasks`]: [{ tasks: [wireTask({ status: 'success' })] }],
  })
  const result = await under.cloud.images.import(imageId, { uri: web.uri, ...waited })
  expect(result).toMatchObject({ isDone: true, verdict: 'unverifiable', isConverted: true })
})

test('a stage whose response was lost is not sent again', async () => {
  const { data, sha512 } = someData(100_000)
  await using under = await cloudWith({
    image: [
      { match: { method: 'PUT', path: '/stage$', nth: 1 }, fault: { type: 'reset', afterResponseBytes: 'none' } },
    ],
  })
  const image = await under.cloud.images.create({ name: 'i', diskFormat: null })
  expect(await under.cloud.images.stage(image, data)).toMatchObject({ bytes: 100_000, sha512 })
  expect(under.image.requests.filter(({ path }) => path.endsWith('/stage'))).toHaveLength(1)
})

test('a stage that breaks off in the middle is sent again', async () => {
  const { data, sha512 } = someData(1_000_000)
  await using under = await cloudWith({
    image: [
      { match: { method: 'PUT', path: '/stage$', nth: 1 }, fault: { type: 'reset', afterRequestBytes: 500_000 } },
    ],
  })
  const image = await under.cloud.images.create({ name: 'i', diskFormat: null })
  expect(await under.cloud.images.stage(image, data)).toMatchObject({ bytes: 1_000_000, sha512 })
  const result = await under.cloud.images.import(image, { method: 'glance-direct', ...waited })
  expect(result.image).toMatchObject({ status: 'active', osHashValue: sha512 })
})
