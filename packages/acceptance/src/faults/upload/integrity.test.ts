import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { fromStream, IntegrityError, TyraxError } from '@tyrax/sdk'
import { startFaultServer } from '@tyrax/testkit'
import { failure, faultyCloud, someData } from '../faulty-cloud.js'
import { file, leftOvers, raw, uploads } from './scene.js'
import { startSink } from './sink.js'

const size = 3_000_000

test('U20: data that the server stored differently is an IntegrityError, and the image is removed', async () => {
  await using under = await faultyCloud({
    image: [{ match: file, fault: { type: 'corrupt', atRequestByte: 1_000_000 } }],
  })
  const error = await failure(under.cloud.images.create({ ...raw, data: someData(size).data }))
  expect(error).toBeInstanceOf(IntegrityError)
  expect(await leftOvers(under)).toEqual([])
})

test('U20: data that was stored differently for a record of somebody else’s making is deactivated', async () => {
  await using under = await faultyCloud(
    {
      image: [{ match: file, fault: { type: 'corrupt', atRequestByte: 1_000_000 } }],
    },
    {},
    { users: [{ name: 'demo', password: 'secret', project: 'demo', roles: ['admin'] }] },
  )
  const { id } = await under.direct.images.create({ ...raw })
  const error = await failure(under.cloud.images.upload(id, someData(size).data))
  expect(error).toBeInstanceOf(IntegrityError)
  expect(await leftOvers(under)).toEqual(['deactivated'])
})

test('U20: data that was stored differently for a record that is to stay is deactivated, never left active', async () => {
  await using under = await faultyCloud(
    { image: [{ match: file, fault: { type: 'corrupt', atRequestByte: 1_000_000 } }] },
    {},
    { users: [{ name: 'demo', password: 'secret', project: 'demo', roles: ['admin'] }] },
  )
  const data = someData(size).data
  const error = await failure(under.cloud.images.create({ ...raw, data, keepOnFailure: true }))
  expect(error).toBeInstanceOf(IntegrityError)
  expect(await leftOvers(under)).toEqual(['deactivated'])
})

test('U22: an upload that cleans up after a failure keeps an image that another client has filled meanwhile', async () => {
  await using under = await faultyCloud({})
  const other = await under.another()
  const { id } = await under.direct.images.create({ ...raw })
  const upload = (each: typeof other) => each.images.upload(id, someData(size).data, { keepOnFailure: false })
  const outcomes = await Promise.allSettled([upload(under.cloud), upload(other)])
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await leftOvers(under)).toEqual(['active'])
})

test.each<[string, (data: Buffer) => object, string, boolean]>([
  ['no hash at all', () => ({}), 'unverifiable', true],
  ['a hash that nobody knows', () => ({ os_hash_algo: 'sha999', os_hash_value: 'x' }), 'unverifiable', true],
  ['only an MD5', (data) => ({ checksum: hash('md5', data) }), 'verified', true],
  [
    'no MD5, as under FIPS',
    (data) => ({ os_hash_algo: 'sha512', os_hash_value: hash('sha512', data), checksum: null }),
    'verified',
    true,
  ],
  [
    'another hash than usual',
    (data) => ({ os_hash_algo: 'sha256', os_hash_value: hash('sha256', data) }),
    'verified',
    true,
  ],
  [
    'another hash, for a stream',
    (data) => ({ os_hash_algo: 'sha256', os_hash_value: hash('sha256', data) }),
    'unverifiable',
    false,
  ],
])('U21: a server with %s', async (_what, fields, verdict, again) => {
  const { data } = someData(size)
  const time = '2026-01-01T00:00:00Z'
  const record = { id: 'x', status: 'active', size, tags: [], created_at: time, updated_at: time, ...fields(data) }
  await using under = await faultyCloud({
    image: [
      { match: { method: 'GET', path: '/images/[^/]+$' }, fault: { type: 'body', body: JSON.stringify(record) } },
    ],
  })
  const source = again ? data : fromStream(new Blob([data]).stream(), { size })
  expect((await under.cloud.images.create({ ...raw, data: source })).verdict).toBe(verdict)
})

test('U21: what cannot be verified is an error where that is asked for, and nothing is left', async () => {
  await using under = await faultyCloud({})
  await using sink = await startSink()
  const cloud = await under.another({ imageEndpointOverride: sink.url })
  const { data } = someData(1000)
  expect(await failure(cloud.images.create({ ...raw, data, requireVerified: true }))).toMatchObject({
    name: 'IntegrityError',
    message: expect.stringContaining('cannot be verified'),
  })
  expect(sink.images()).toEqual([])
  expect((await cloud.images.create({ ...raw, data })).verdict).toBe('unverifiable')
})

const hash = (algorithm: string, data: Buffer) => createHash(algorithm).update(data).digest('hex')

test('U22: two clients create an image with the same id at once: one succeeds with a complete image, the other gets an error', async () => {
  await using under = await faultyCloud({})
  const other = await under.another()
  const id = crypto.randomUUID()
  const mine = someData(size)
  const theirs = someData(size)
  const outcomes = await Promise.allSettled([
    under.cloud.images.create({ ...raw, id, data: mine.data }),
    other.images.create({ ...raw, id, data: theirs.data }),
  ])
  const lost = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
  expect(lost).toMatchObject([{ name: 'ConflictError', status: 409 }])
  const winner = outcomes[0].status === 'fulfilled' ? mine : theirs
  expect(await under.direct.images.get(id)).toMatchObject({ status: 'active', osHashValue: winner.sha512 })
  expect(await leftOvers(under)).toEqual(['active'])
})

test('U22: two uploads to the same queued image at once: one succeeds with a complete image, the other gets an error', async () => {
  await using under = await faultyCloud({})
  const other = await under.another()
  const { id } = await under.direct.images.create({ ...raw })
  const mine = someData(size)
  const theirs = someData(size)
  const outcomes = await Promise.allSettled([
    under.cloud.images.upload(id, mine.data),
    other.images.upload(id, theirs.data),
  ])
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const winner = outcomes[0].status === 'fulfilled' ? mine : theirs
  expect(await under.direct.images.get(id)).toMatchObject({ status: 'active', osHashValue: winner.sha512 })
})

test.each([307, 308])(
  'U23: a %d of an upload within the origin is followed, with the data from its start',
  async (status) => {
    const { data, sha512 } = someData(size)
    const id = crypto.randomUUID()
    const headers = { location: `/v2/images/${id}/file?again` }
    await using under = await faultyCloud({
      image: [{ match: { ...file, nth: 1 }, fault: { type: 'status', status, headers } }],
    })
    const image = await under.cloud.images.create({ ...raw, id, data })
    expect(image).toMatchObject({ status: 'active', osHashValue: sha512, verdict: 'verified' })
    expect(under.image.requests.filter((each) => each.path.endsWith('?again'))).toMatchObject([{ bodyBytes: size }])
  },
)

test('U23: a 307 of an upload from a stream is an error that says why, and nothing is left', async () => {
  const headers = { location: '/v2/images/x/file' }
  await using under = await faultyCloud({ image: [{ match: file, fault: { type: 'status', status: 307, headers } }] })
  const data = fromStream(new Blob([someData(1000).data]).stream())
  const error = await failure(under.cloud.images.create({ ...raw, data }))
  expect(error).toMatchObject({ status: 307, message: expect.stringContaining('cannot be sent again') })
  expect(uploads(under)).toHaveLength(1)
  expect(await leftOvers(under)).toEqual([])
})

test.each([307, 308])('U23: a %d of an upload to another host takes neither token nor data there', async (status) => {
  await using elsewhere = await startFaultServer()
  const headers = { location: `${elsewhere.url}/v2/images/x/file` }
  await using under = await faultyCloud({ image: [{ match: file, fault: { type: 'status', status, headers } }] })
  expect(await failure(under.cloud.images.create({ ...raw, data: Buffer.alloc(1000) }))).toBeInstanceOf(TyraxError)
  expect(elsewhere.requests).toEqual([])
  expect(await leftOvers(under)).toEqual([])
})
