import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { fromStream } from '@tyrax/sdk'
import { exchange } from '../../contracts/wire.js'
import { failure, faultyCloud, someData } from '../faulty-cloud.js'
import { file, leftOvers, raw, uploads } from './scene.js'

const size = 1_000_000

test('U1: a 401 before any byte of the body brings one new token, and the data is sent in full', async () => {
  const { data, sha512 } = someData(size)
  await using under = await faultyCloud({
    image: [{ match: { ...file, nth: 1 }, fault: { type: 'status', status: 401 } }],
  })
  const before = under.identity.requests.length
  const image = await under.cloud.images.create({ ...raw, data })
  expect(image).toMatchObject({ status: 'active', osHashValue: sha512, verdict: 'verified' })
  expect(under.identity.requests.length - before).toBe(1)
  expect(uploads(under).at(-1)?.bodyBytes).toBe(size)
  expect(await leftOvers(under)).toEqual(['active'])
})

test('U2: a 401 after the whole body, with the image queued again: sent again, to the same image', async () => {
  const { data } = someData(size)
  await using under = await faultyCloud({
    image: [{ match: { ...file, nth: 1 }, fault: { type: 'status', status: 401, afterRequestBytes: 'end' } }],
  })
  expect((await under.cloud.images.create({ ...raw, data })).verdict).toBe('verified')
  expect(new Set(uploads(under).map((each) => each.path)).size).toBe(1)
  expect(await leftOvers(under)).toEqual(['active'])
})

test('U2: a 401 after the whole body, with the record gone: created again once, and the lost one is removed', async () => {
  const { data } = someData(size)
  await using under = await faultyCloud({
    image: [
      { match: { ...file, nth: 1 }, fault: { type: 'status', status: 401, afterRequestBytes: 'end' } },
      { match: { ...file, nth: 2 }, fault: { type: 'status', status: 404 } },
      { match: { method: 'GET', path: '/images/', nth: 1 }, fault: { type: 'status', status: 404 } },
    ],
  })
  expect((await under.cloud.images.create({ ...raw, data })).verdict).toBe('verified')
  expect(under.image.requests.filter(({ method }) => method === 'POST')).toHaveLength(2)
  expect(await leftOvers(under)).toEqual(['active'])
})

test('U2: a 401 after the whole body, with the record stuck in saving: given up after a while, and created again once', async () => {
  const { data } = someData(size)
  const saving = {
    id: 'x',
    status: 'saving',
    tags: [],
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
  }
  await using under = await faultyCloud({
    image: [
      { match: { ...file, nth: 1 }, fault: { type: 'status', status: 401, afterRequestBytes: 'end' } },
      { match: { ...file, nth: 2 }, fault: { type: 'status', status: 409 } },
      {
        match: { method: 'GET', path: '/images/', nth: 1, count: 2 },
        fault: { type: 'body', body: JSON.stringify(saving) },
      },
    ],
  })
  const image = await under.cloud.images.create({ ...raw, data, settleTimeoutMs: 50 })
  expect(image.verdict).toBe('verified')
  expect(under.image.requests.filter(({ method }) => method === 'POST')).toHaveLength(2)
  expect(await leftOvers(under)).toEqual(['active'])
})

test('U2: a 401 after the whole body of a stream is a typed error that says why it is not sent again', async () => {
  const { data } = someData(size)
  await using under = await faultyCloud({
    image: [{ match: { ...file, nth: 1 }, fault: { type: 'status', status: 401, afterRequestBytes: 'end' } }],
  })
  const source = fromStream(Readable.from([data]), { size })
  const error = await failure(under.cloud.images.create({ ...raw, data: source }))
  expect(error).toMatchObject({ name: 'UnauthorizedError', hint: expect.stringContaining('consumed') })
  expect(uploads(under)).toHaveLength(1)
  expect(await leftOvers(under)).toEqual([])
})

test('U3: a token that ends during the transfer is renewed before the next request, and nothing is sent twice', async () => {
  const { data } = someData(800_000)
  await using under = await faultyCloud(
    { image: [{ match: file, fault: { type: 'trickle', bytesPerSecond: 100_000, direction: 'request' } }] },
    {},
    { tokenLifeSeconds: 6 },
  )
  const before = under.identity.requests.length
  expect((await under.cloud.images.create({ ...raw, data })).verdict).toBe('verified')
  expect(under.identity.requests.length).toBeGreaterThan(before)
  expect(uploads(under)).toHaveLength(1)
})

test('U4: 20 calls with a token that was revoked share one new token', async () => {
  await using under = await faultyCloud({})
  const token = String(await under.cloud.token())
  const headers = { 'x-auth-token': token, 'x-subject-token': token }
  const revoked = await exchange('DELETE', `${under.identity.url}/v3/auth/tokens`, { headers })
  expect(revoked.status).toBe(204)
  const logins = () => under.identity.requests.filter((each) => each.method === 'POST').length
  const before = logins()
  await Promise.all(Array.from({ length: 20 }, () => under.cloud.images.list({ limit: 1 })))
  expect(logins()).toBe(before + 1)
})
