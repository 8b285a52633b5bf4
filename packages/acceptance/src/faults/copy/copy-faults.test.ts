import type { FaultPlan } from '@tyrax/server'
import { expect, test } from 'vitest'
import { failure, faultyCloud, type FaultyCloud, someData } from '../faulty-cloud.js'
import { cut, file as get, middle, once, part, size } from '../download/scene.js'
import { file as put, leftOvers, uploads } from '../upload/scene.js'

interface Scene extends AsyncDisposable {
  readonly from: FaultyCloud
  readonly to: FaultyCloud
  readonly id: string
  readonly sha512: string
  copy(options?: object): Promise<{ readonly image: { readonly id: string } }>
  /** The requested ranges of the original. */
  reads(): readonly string[]
}

/** An image in one cloud, to be copied to another. Either fails as planned. */
async function scene(source: FaultPlan, destination: FaultPlan = []): Promise<Scene> {
  const patience = { timeouts: { idleTimeoutMs: 2000 }, retry: { delayMs: 1, retries: 2 } }
  const from = await faultyCloud({ image: source }, patience)
  const to = await faultyCloud({ image: destination }, patience)
  const { data, sha512 } = someData(size)
  const { id } = await from.direct.images.create({ name: 'c', diskFormat: 'raw', data })
  return {
    from,
    to,
    id,
    sha512,
    copy: (options) => from.cloud.images.copy(id, { to: to.cloud, ...options }),
    reads: () =>
      from.image.requests
        .filter((each) => each.path.endsWith('/file'))
        .map((each) => each.headers['range']?.replace('bytes=', '') ?? 'whole'),
    async [Symbol.asyncDispose]() {
      await from[Symbol.asyncDispose]()
      await to[Symbol.asyncDispose]()
    },
  }
}

test('a source that breaks off is resumed after the last byte, and the data is sent once', async () => {
  await using at = await scene(once(cut))
  expect(await at.copy()).toMatchObject({ outcome: 'copied', verdict: 'verified', image: { osHashValue: at.sha512 } })
  expect(at.reads()).toEqual(['whole', `${middle}-${size - 1}`])
  expect(uploads(at.to)).toHaveLength(1)
})

test('a destination that breaks off gets the data again, read from its first byte', async () => {
  await using at = await scene([], [{ match: { ...put, nth: 1 }, fault: { type: 'reset', afterRequestBytes: middle } }])
  expect(await at.copy()).toMatchObject({ verdict: 'verified', image: { osHashValue: at.sha512 } })
  expect(at.reads()).toEqual(['whole', 'whole'])
  expect(await leftOvers(at.to)).toEqual(['active'])
})

test('a source that is deleted while it is read is an error that says so, and nothing is left', async () => {
  await using at = await scene([...once(cut), { match: part, fault: { type: 'status', status: 404 } }])
  expect(await failure(at.copy())).toMatchObject({
    name: 'SourceError',
    message: expect.stringMatching(/can no longer be read/),
    hint: expect.stringContaining('deleted'),
  })
  expect(await leftOvers(at.to)).toEqual([])
})

test('data that is damaged on its way from the source never becomes an image', async () => {
  const corrupt = { type: 'corrupt', atResponseByte: middle } as const
  await using at = await scene([{ match: get, fault: corrupt }])
  expect(await failure(at.copy())).toMatchObject({ name: 'ChecksumMismatch', algorithm: 'sha512', expected: at.sha512 })
  expect(at.reads()).toEqual(['whole', 'whole'])
  expect(await leftOvers(at.to)).toEqual([])
  await using again = await scene(once(corrupt))
  expect(await again.copy()).toMatchObject({ verdict: 'verified', image: { osHashValue: again.sha512 } })
})

test.each([
  ['a quota', { type: 'status', status: 413 }, { name: 'OverLimitError' }],
  ['a server that fails every time', { type: 'reset', afterRequestBytes: middle }, { name: 'ConnectionError' }],
] as const)('%s at the destination leaves nothing, protected or not', async (_what, fault, error) => {
  await using at = await scene([], [{ match: put, fault }])
  expect(await failure(at.copy({ protected: true }))).toMatchObject(error)
  expect(await leftOvers(at.to)).toEqual([])
})

test('a copy that is stopped leaves nothing', async () => {
  await using at = await scene([], [{ match: put, fault: { type: 'stall', afterRequestBytes: middle } }])
  const stop = new AbortController()
  const copying = failure(at.copy({ signal: stop.signal }))
  await expect.poll(() => uploads(at.to).length, { timeout: 10_000 }).toBe(1)
  stop.abort()
  expect(await copying).toMatchObject({ name: 'AbortError' })
  expect(await leftOvers(at.to)).toEqual([])
})

test('an image without data, or deactivated, is refused before anything is made', async () => {
  await using at = await scene([])
  const queued = await at.from.direct.images.create({ name: 'q', diskFormat: 'raw' })
  const refused = failure(at.from.cloud.images.copy(queued, { to: at.to.cloud }))
  expect(await refused).toMatchObject({ name: 'ImageStatusError', status: 'queued' })
  await at.from.direct.images.deactivate(at.id)
  expect(await failure(at.copy())).toMatchObject({ name: 'ImageStatusError', status: 'deactivated' })
  expect(await leftOvers(at.to)).toEqual([])
})

test('an image that replaces another stays hidden until it is complete, and goes when it fails', async () => {
  await using at = await scene([], [{ match: { ...put, nth: 2 }, fault: { type: 'status', status: 413 } }])
  const { image } = await at.copy()
  const { data } = someData(size)
  const other = await at.from.direct.images.create({ name: 'c', diskFormat: 'raw', data })
  const copy = at.from.cloud.images.copy(other, { to: at.to.cloud, replace: 'hide' })
  expect(await failure(copy)).toMatchObject({ name: 'OverLimitError' })
  expect(await at.to.direct.images.find('c')).toMatchObject({ id: image.id, osHidden: false })
  expect(await at.to.direct.images.listAll({ osHidden: true })).toEqual([])
})

const byServer = { image: { importMethods: ['glance-download'] } }

test('the server copies within a Keystone, and the client does when it refuses', async () => {
  await using under = await faultyCloud(
    { image: [{ match: { method: 'POST', path: '/import$', nth: 2 }, fault: { type: 'status', status: 403 } }] },
    { retry: { delayMs: 1 } },
    byServer,
  )
  const { images } = under.cloud
  const { data, sha512 } = someData(size)
  const { id } = await images.create({ name: 'c', diskFormat: 'raw', data, properties: { a: '1' }, protected: true })
  const first = await images.copy(id, { name: 'by-server' })
  expect(first).toMatchObject({ via: 'glance-download', verdict: 'verified', bytes: 0, refused: [] })
  const fields = {
    osHashValue: sha512,
    protected: true,
    osHidden: false,
    visibility: 'private',
    properties: { a: '1' },
  }
  expect(await images.get(first.image)).toMatchObject(fields)
  const second = await images.copy(id, { name: 'by-client' })
  expect(second).toMatchObject({ via: 'client', verdict: 'verified', refused: [{ via: 'glance-download' }] })
  expect((await images.listAll({ osHidden: true })).length).toBe(0)
})

test('a copy that only the server may make fails with it, and leaves nothing', async () => {
  const refusal = { match: { method: 'POST', path: '/import$' }, fault: { type: 'status', status: 403 } } as const
  await using under = await faultyCloud({ image: [refusal] }, { retry: { delayMs: 1 } }, byServer)
  const { images } = under.cloud
  const { id } = await images.create({ name: 'c', diskFormat: 'raw', data: someData(1000).data })
  expect(await failure(images.copy(id, { name: 'd', via: 'server' }))).toMatchObject({ name: 'ForbiddenError' })
  expect(await images.findAll('d')).toEqual([])
})
