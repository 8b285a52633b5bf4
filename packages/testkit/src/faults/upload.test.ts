import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import {
  fromStream,
  IntegrityError,
  OverLimitError,
  ServerError,
  TimeoutError,
  TyraxError,
  UnsupportedMediaTypeError,
} from '@tyrax/sdk'
import type { Fault } from '@tyrax/server'
import { failure, faultyCloud, someData, type FaultyCloud } from './faulty-cloud.js'

const size = 3_000_000
const file = { method: 'PUT', path: '/file$' } as const
const raw = { name: 'u', diskFormat: 'raw' } as const
const uploads = (under: FaultyCloud) => under.image.requests.filter((each) => each.path.endsWith('/file'))
const leftOvers = async (under: FaultyCloud) => (await under.direct.images.listAll()).map((image) => image.status)

test.each<[string, Fault]>([
  ['a reset before the first byte', { type: 'reset', afterRequestBytes: 0 }],
  ['a reset in the middle', { type: 'reset', afterRequestBytes: 1_234_567 }],
  ['a reset at the last byte', { type: 'reset', afterRequestBytes: size }],
  ['a connection closed in the middle', { type: 'close', afterRequestBytes: 2_000_000 }],
  ['a 503 before the body', { type: 'status', status: 503, headers: { 'retry-after': '0' } }],
  [
    'a 502 in HTML after the body',
    { type: 'status', status: 502, body: '<html>bad gateway</html>', afterRequestBytes: 'end' },
  ],
  ['a 401 before the body', { type: 'status', status: 401 }],
  ['a 401 after the body', { type: 'status', status: 401, afterRequestBytes: 'end' }],
])('after %s the data is sent again from its start, to the same image', async (_what, fault) => {
  const { data, sha512 } = someData(size)
  await using under = await faultyCloud({ image: [{ match: { ...file, nth: 1 }, fault }] })
  const image = await under.cloud.images.create({ ...raw, data })
  expect(image).toMatchObject({ status: 'active', size, osHashValue: sha512, verdict: 'verified' })
  const paths = new Set(uploads(under).map((each) => each.path))
  expect(paths.size).toBe(1)
  expect(uploads(under).at(-1)?.bodyBytes).toBe(size)
  expect(await leftOvers(under)).toEqual(['active'])
})

test('an answer lost after the data was stored is a success without a second upload', async () => {
  const { data, sha512 } = someData(size)
  await using under = await faultyCloud({
    image: [{ match: { ...file, nth: 1 }, fault: { type: 'reset', afterResponseBytes: 'none' } }],
  })
  const image = await under.cloud.images.create({ ...raw, data })
  expect(image).toMatchObject({ status: 'active', osHashValue: sha512, verdict: 'verified' })
  expect(uploads(under)).toHaveLength(1)
})

test('a stream that can be read once is not sent twice, and nothing is left', async () => {
  const { data } = someData(size)
  await using under = await faultyCloud({
    image: [{ match: { ...file, nth: 1 }, fault: { type: 'reset', afterRequestBytes: 1_000_000 } }],
  })
  const source = fromStream(Readable.from([data.subarray(0, 500_000), data.subarray(500_000)]), { size })
  expect(await failure(under.cloud.images.create({ ...raw, data: source }))).toBeInstanceOf(TyraxError)
  expect(uploads(under)).toHaveLength(1)
  expect(await leftOvers(under)).toEqual([])
})

test('a 413 that comes while the data is still going out is read, not lost, and not retried', async () => {
  const { data } = someData(20_000_000)
  await using under = await faultyCloud({
    image: [
      {
        match: file,
        fault: { type: 'status', status: 413, afterRequestBytes: 100_000, body: '<h1>too large</h1>', unread: 'close' },
      },
    ],
  })
  const error = await failure(under.cloud.images.create({ ...raw, data }))
  expect(error).toBeInstanceOf(OverLimitError)
  expect((error as OverLimitError).message).not.toContain('<h1>')
  expect(uploads(under)).toHaveLength(1)
  expect(await leftOvers(under)).toEqual([])
})

test('a 415 is not retried, says why, and nothing is left', async () => {
  const body = JSON.stringify({
    message: 'does not match<br /><br />\n\n\n',
    code: '415 Unsupported Media Type',
    title: '',
  })
  await using under = await faultyCloud({
    image: [
      {
        match: file,
        fault: {
          type: 'status',
          status: 415,
          headers: { 'content-type': 'application/json' },
          body,
          afterRequestBytes: 'end',
        },
      },
    ],
  })
  const error = await failure(under.cloud.images.create({ ...raw, data: someData(size).data }))
  expect(error).toBeInstanceOf(UnsupportedMediaTypeError)
  expect((error as Error).message).toContain('does not match')
  expect(uploads(under)).toHaveLength(1)
  expect(await leftOvers(under)).toEqual([])
})

test('a server that fails every time ends in its error, and nothing is left', async () => {
  await using under = await faultyCloud({
    image: [{ match: file, fault: { type: 'status', status: 503, body: '<html><p>down for a while</p></html>' } }],
  })
  const error = await failure(under.cloud.images.create({ ...raw, data: someData(1000).data }))
  expect(error).toBeInstanceOf(ServerError)
  expect((error as Error).message).not.toContain('<')
  expect(uploads(under).length).toBeGreaterThan(1)
  expect(await leftOvers(under)).toEqual([])
})

test('a server that stops reading runs into the idle limit, and the data is sent again', async () => {
  const { data, sha512 } = someData(30_000_000)
  await using under = await faultyCloud(
    { image: [{ match: { ...file, nth: 1 }, fault: { type: 'stall', afterRequestBytes: 100_000, ms: 1500 } }] },
    { timeouts: { idleTimeoutMs: 300 } },
  )
  const image = await under.cloud.images.create({ ...raw, data })
  expect(image).toMatchObject({ status: 'active', osHashValue: sha512 })
  expect(uploads(under)).toHaveLength(2)
})

test('a server that answers long after the last byte has not failed', async () => {
  const { data } = someData(1000)
  await using under = await faultyCloud(
    { image: [{ match: file, fault: { type: 'stall', afterResponseBytes: 'none', ms: 1500 } }] },
    { timeouts: { idleTimeoutMs: 300, headersTimeoutMs: 300 } },
  )
  expect((await under.cloud.images.create({ ...raw, data })).status).toBe('active')
  expect(uploads(under)).toHaveLength(1)
})

test('a slow line is not a dead one', async () => {
  const { data } = someData(300_000)
  await using under = await faultyCloud(
    { image: [{ match: file, fault: { type: 'trickle', bytesPerSecond: 200_000, direction: 'request' } }] },
    { timeouts: { idleTimeoutMs: 500 } },
  )
  expect((await under.cloud.images.create({ ...raw, data })).status).toBe('active')
  expect(uploads(under)).toHaveLength(1)
})

test('data that the server stored differently is an IntegrityError, and the image is removed', async () => {
  await using under = await faultyCloud({
    image: [{ match: file, fault: { type: 'corrupt', atRequestByte: 1_000_000 } }],
  })
  const error = await failure(under.cloud.images.create({ ...raw, data: someData(size).data }))
  expect(error).toBeInstanceOf(IntegrityError)
  expect(await leftOvers(under)).toEqual([])
})

test('an image deleted by somebody else meanwhile is a typed error', async () => {
  await using under = await faultyCloud({
    image: [{ match: { ...file, nth: 1 }, fault: { type: 'status', status: 410, afterRequestBytes: 'end' } }],
  })
  const error = await failure(under.cloud.images.create({ ...raw, data: someData(1000).data }))
  expect(error).toMatchObject({ name: 'GoneError', status: 410 })
  expect(await leftOvers(under)).toEqual([])
})

test('a record whose creation was answered to nobody is found again, not made twice', async () => {
  await using under = await faultyCloud({
    image: [{ match: { method: 'POST', nth: 1 }, fault: { type: 'reset', afterResponseBytes: 'none' } }],
  })
  const image = await under.cloud.images.create({ ...raw, data: someData(1000).data })
  expect(image.status).toBe('active')
  expect(await leftOvers(under)).toEqual(['active'])
})

test('a call that is aborted in the middle leaves nothing', async () => {
  const { data } = someData(size)
  await using under = await faultyCloud({
    image: [{ match: file, fault: { type: 'stall', afterRequestBytes: 100_000 } }],
  })
  const stop = new AbortController()
  const onProgress = ({ bytes }: { bytes: number }) => {
    if (bytes > 0) stop.abort()
  }
  const error = await failure(under.cloud.images.create({ ...raw, data, signal: stop.signal, onProgress }))
  expect(error).toMatchObject({ name: 'AbortError' })
  await expect.poll(() => leftOvers(under), { timeout: 20_000 }).toEqual([])
})

test('a deadline of the server that never comes is named', async () => {
  await using under = await faultyCloud(
    { image: [{ match: { method: 'GET', path: '^/v2/images$' }, fault: { type: 'stall' } }] },
    { timeouts: { headersTimeoutMs: 200 }, retry: { retries: 0 } },
  )
  const error = await failure(Promise.resolve(under.cloud.images.list()))
  expect(error).toBeInstanceOf(TimeoutError)
  expect(error).toMatchObject({ limit: 'headers', timeoutMs: 200 })
})
