import { expect, test } from 'vitest'
import { fromStream } from '@tyrax/sdk'
import { failure, faultyCloud, someData } from '../faulty-cloud.js'
import { file, leftOvers, raw, uploads } from './scene.js'

const mebibyte = 2 ** 20

test('U12: a server that stops reading runs into the idle limit with little in memory, and nothing is left', async () => {
  const size = 1000 * mebibyte
  await using under = await faultyCloud(
    { image: [{ match: { ...file, nth: 1 }, fault: { type: 'stall', afterRequestBytes: 100_000, ms: 8000 } }] },
    { timeouts: { idleTimeoutMs: 1500 } },
  )
  let taken = 0
  const endless = async function* () {
    const chunk = someData(mebibyte).data
    for (; taken < size; taken += mebibyte) yield chunk
  }
  const before = process.memoryUsage().rss
  const error = await failure(under.cloud.images.create({ ...raw, data: fromStream(endless(), { size }) }))
  expect(error).toMatchObject({ name: 'TimeoutError', limit: 'idle' })
  expect(taken).toBeLessThan(64 * mebibyte)
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * mebibyte)
  await expect.poll(() => leftOvers(under)).toEqual([])
})

test('U12: what can be read again is sent again after the idle limit', async () => {
  const { data, sha512 } = someData(30_000_000)
  await using under = await faultyCloud(
    { image: [{ match: { ...file, nth: 1 }, fault: { type: 'stall', afterRequestBytes: 100_000, ms: 8000 } }] },
    { timeouts: { idleTimeoutMs: 1500 } },
  )
  const image = await under.cloud.images.create({ ...raw, data })
  expect(image).toMatchObject({ status: 'active', osHashValue: sha512 })
  expect(uploads(under)).toHaveLength(2)
})

test('U13: a server that is silent for long after the last byte has not failed', async () => {
  const { data } = someData(1000)
  await using under = await faultyCloud(
    { image: [{ match: file, fault: { type: 'stall', afterResponseBytes: 'none', ms: 3000 } }] },
    { timeouts: { idleTimeoutMs: 1500, headersTimeoutMs: 1500 } },
  )
  expect((await under.cloud.images.create({ ...raw, data })).status).toBe('active')
  expect(uploads(under)).toHaveLength(1)
})

test('U13: the wait for an answer is a limit of its own, and can be set', async () => {
  const { data } = someData(1000)
  await using under = await faultyCloud(
    {
      image: [{ match: file, fault: { type: 'stall', afterRequestBytes: 0 } }],
    },
    { retry: { retries: 0 } },
  )
  const error = await failure(
    under.cloud.images.create({ ...raw, data, timeouts: { headersTimeoutMs: 200 }, settleTimeoutMs: 200 }),
  )
  expect(error).toMatchObject({ name: 'TimeoutError', limit: 'headers', timeoutMs: 200 })
})

test.each([
  [1000, 6000],
  [1_000_000, 8_000_000],
])('U14: a trickle of %d bytes a second for longer than the idle limit is a success, sent once', async (rate, size) => {
  const { data } = someData(size)
  await using under = await faultyCloud(
    { image: [{ match: file, fault: { type: 'trickle', bytesPerSecond: rate, direction: 'request' } }] },
    { timeouts: { idleTimeoutMs: 2500 } },
  )
  expect((await under.cloud.images.create({ ...raw, data })).verdict).toBe('verified')
  expect(uploads(under)).toHaveLength(1)
})
