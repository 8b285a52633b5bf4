import { expect, test } from 'vitest'
import { HttpError, TyraxError } from '@tyrax/sdk'
import type { Fault } from '@tyrax/server'
import { startFaultServer } from '@tyrax/testkit'
import { failure, faultyCloud } from '../faulty-cloud.js'

const list = { method: 'GET', path: '^/v2/images([?]|$)' } as const
const json = { 'content-type': 'application/json' }

test('M6: a second 401 with a fresh token is an error, not a loop', async () => {
  await using under = await faultyCloud({ image: [{ match: list, fault: { type: 'status', status: 401 } }] })
  const error = await failure(Promise.resolve(under.cloud.images.list()))
  expect(error).toMatchObject({ name: 'UnauthorizedError', status: 401 })
  expect(under.image.requests).toHaveLength(2)
})

test.each<[string, Fault]>([
  [
    'HTML',
    { type: 'body', headers: { 'content-type': 'text/html' }, body: '<html><title>Portal</title>log in</html>' },
  ],
  ['nothing', { type: 'body', body: '' }],
  ['half a JSON', { type: 'truncate', afterResponseBytes: 20 }],
  ['no UTF-8', { type: 'corrupt', atResponseByte: 0 }],
  ['a list that is none', { type: 'body', headers: json, body: '{"images":5}' }],
  ['null', { type: 'body', headers: json, body: 'null' }],
])('M3: a good status with %s is a MalformedResponseError that names the request', async (_what, fault) => {
  await using under = await faultyCloud({ image: [{ match: list, fault }] })
  const error = await failure(Promise.resolve(under.cloud.images.list()))
  expect(error).toMatchObject({ name: 'MalformedResponseError', status: 200, method: 'GET' })
  expect((error as Error).message).not.toContain('<html>')
})

test.each<[string, Fault]>([
  ['no HTTP', { type: 'raw', text: 'SSH-2.0-OpenSSH_9.2\r\n' }],
  ['nothing at all', { type: 'close' }],
  ['a reset', { type: 'reset' }],
])('M3: %s in place of an answer is a ConnectionError after the retries', async (_what, fault) => {
  await using under = await faultyCloud({ image: [{ match: list, fault }] }, { retry: { delayMs: 1, retries: 2 } })
  const error = await failure(Promise.resolve(under.cloud.images.list()))
  expect(error).toMatchObject({ name: 'ConnectionError', method: 'GET' })
  expect(under.image.requests.length).toBeLessThanOrEqual(3)
})

test('M3: a status in HTML is an HttpError without the HTML', async () => {
  const body = '<html><head><title>x</title></head><body><h1>504 Gateway Time-out</h1><hr>nginx</body></html>'
  await using under = await faultyCloud(
    {
      image: [{ match: list, fault: { type: 'status', status: 504, headers: { 'content-type': 'text/html' }, body } }],
    },
    { retry: { retries: 0 } },
  )
  const error = await failure(Promise.resolve(under.cloud.images.list()))
  expect(error).toBeInstanceOf(HttpError)
  expect(error).toMatchObject({ status: 504, retryable: true })
  expect((error as Error).message).not.toMatch(/[<>]/)
})

test('U8: a 503 is repeated when Retry-After says so, in seconds or as a date', async () => {
  const past = new Date(Date.now() - 60_000).toUTCString()
  await using under = await faultyCloud({
    image: [
      { match: { ...list, nth: 1 }, fault: { type: 'status', status: 503, headers: { 'retry-after': '0' } } },
      { match: { ...list, nth: 2 }, fault: { type: 'status', status: 429, headers: { 'retry-after': past } } },
    ],
  })
  expect((await under.cloud.images.list()).items).toEqual([])
  expect(under.image.requests).toHaveLength(3)
})

test('U8: a Retry-After beyond all patience is an error at once', async () => {
  await using under = await faultyCloud({
    image: [{ match: list, fault: { type: 'status', status: 503, headers: { 'retry-after': '86400' } } }],
  })
  expect(await failure(Promise.resolve(under.cloud.images.list()))).toMatchObject({ status: 503 })
  expect(under.image.requests).toHaveLength(1)
})

test('M4: a change whose response was lost is not sent again unseen', async () => {
  await using under = await faultyCloud({
    image: [{ match: { method: 'PATCH', nth: 1 }, fault: { type: 'reset', afterResponseBytes: 'none' } }],
  })
  const { id } = await under.direct.images.create({ name: 'before' })
  const outcome = await under.cloud.images.update(id, { name: 'after' }).catch((error: unknown) => error)
  expect((await under.direct.images.get(id)).name).toBe('after')
  // Either it reports that the outcome is unknown, or it has found out.
  expect(outcome instanceof TyraxError || (outcome as { name: string }).name === 'after').toBe(true)
})

test('M1: a list whose next never moves on ends', async () => {
  await using under = await faultyCloud({})
  const { id } = await under.direct.images.create({ name: 'only' })
  const image = {
    id,
    name: 'only',
    status: 'queued',
    tags: [],
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
  }
  const body = JSON.stringify({ images: [image], next: `/v2/images?marker=${id}&limit=1` })
  await using looping = await faultyCloud({ image: [{ match: list, fault: { type: 'body', headers: json, body } }] })
  const outcome = await looping.cloud.images.listAll().catch((error: unknown) => error)
  expect(looping.image.requests.length).toBeLessThan(5)
  expect(outcome instanceof TyraxError || (outcome as unknown[]).length === 1).toBe(true)
})

test('M1: a next to another host is never followed there', async () => {
  await using elsewhere = await startFaultServer()
  await using setUp = await faultyCloud({})
  const { id } = await setUp.direct.images.create({ name: 'only' })
  const first = await setUp.direct.images.list({ returnRaw: true })
  const images = (first.body as { images: unknown[] }).images
  const body = JSON.stringify({ images, next: `${elsewhere.url}/v2/images?marker=${id}` })
  await using under = await faultyCloud({
    image: [{ match: { ...list, nth: 1 }, fault: { type: 'body', headers: json, body } }],
  })
  await under.cloud.images.listAll().catch(() => undefined)
  expect(elsewhere.requests).toEqual([])
})

test.each([301, 302, 307, 308])('U23: a %d to another host never takes the token there', async (status) => {
  await using elsewhere = await startFaultServer()
  await using under = await faultyCloud({
    image: [{ match: list, fault: { type: 'status', status, headers: { location: `${elsewhere.url}/v2/images` } } }],
  })
  expect(await failure(Promise.resolve(under.cloud.images.list()))).toBeInstanceOf(TyraxError)
  expect(elsewhere.requests.filter((each) => 'x-auth-token' in each.headers)).toEqual([])
})

test.each<[string, Fault]>([
  ['HTML', { type: 'body', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>log in here</html>' }],
  ['half a JSON', { type: 'truncate', afterResponseBytes: 30 }],
  ['no token in its headers', { type: 'headers', headers: { 'x-subject-token': null } }],
])('M3: an identity service that answers %s is a clear error', async (_what, fault) => {
  const error = await failure(faultyCloud({ identity: [{ match: { method: 'POST' }, fault }] }))
  expect(error).toBeInstanceOf(TyraxError)
  expect((error as Error).message).not.toContain('<html>')
  expect((error as Error).message).not.toContain('secret')
})

test('M3: neither token nor password is in an error', async () => {
  await using under = await faultyCloud(
    { image: [{ match: list, fault: { type: 'status', status: 500 } }] },
    { retry: { retries: 0 } },
  )
  const error = await failure(Promise.resolve(under.cloud.images.list()))
  const token = await under.cloud.token()
  const told = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as Error).stack)
  expect(told).not.toContain(token)
  expect(told).not.toContain('secret')
})

test('U13: a request without a body that gets no response is a TimeoutError that names the limit', async () => {
  await using under = await faultyCloud(
    { image: [{ match: list, fault: { type: 'stall' } }] },
    { timeouts: { headersTimeoutMs: 1500 }, retry: { retries: 0 } },
  )
  const error = await failure(Promise.resolve(under.cloud.images.list()))
  expect(error).toMatchObject({ name: 'TimeoutError', limit: 'headers', timeoutMs: 1500 })
})
