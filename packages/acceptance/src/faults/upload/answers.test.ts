import { expect, test } from 'vitest'
import { OverLimitError, ServerError, UnsupportedMediaTypeError } from '@tyrax/sdk'
import type { Fault } from '@tyrax/server'
import { failure, faultyCloud, someData } from '../faulty-cloud.js'
import { file, leftOvers, raw, uploads } from './scene.js'

const size = 3_000_000
const json = { 'content-type': 'application/json' }

test.each<[string, Fault]>([
  ['a 503 with Retry-After in seconds', { type: 'status', status: 503, headers: { 'retry-after': '0' } }],
  [
    'a 429 with Retry-After as a date',
    { type: 'status', status: 429, headers: { 'retry-after': new Date(Date.now() - 60_000).toUTCString() } },
  ],
  ['a 500 in HTML', { type: 'status', status: 500, body: '<html>oops</html>', afterRequestBytes: 1000 }],
  ['a 502 in HTML after the body', { type: 'status', status: 502, body: '<html>bad</html>', afterRequestBytes: 'end' }],
  ['a 504 in HTML', { type: 'status', status: 504, body: '<html>late</html>', afterRequestBytes: 'end' }],
])('U8: after %s the data is sent again', async (_what, fault) => {
  const { data, sha512 } = someData(size)
  await using under = await faultyCloud({ image: [{ match: { ...file, nth: 1 }, fault }] })
  const image = await under.cloud.images.create({ ...raw, data })
  expect(image).toMatchObject({ status: 'active', osHashValue: sha512, verdict: 'verified' })
  expect(uploads(under).at(-1)?.bodyBytes).toBe(size)
})

test('U8: a server that fails every time ends in its error without HTML, and nothing is left', async () => {
  await using under = await faultyCloud({
    image: [{ match: file, fault: { type: 'status', status: 503, body: '<html><p>down for a while</p></html>' } }],
  })
  const error = await failure(under.cloud.images.create({ ...raw, data: someData(1000).data }))
  expect(error).toBeInstanceOf(ServerError)
  expect((error as Error).message).not.toContain('<')
  expect(uploads(under)).toHaveLength(5)
  expect(await leftOvers(under)).toEqual([])
})

test('U8: waiting as long as Retry-After says ends at the deadline, and nothing is left', async () => {
  await using under = await faultyCloud({
    image: [{ match: file, fault: { type: 'status', status: 503, headers: { 'retry-after': '100' } } }],
  })
  const error = await failure(under.cloud.images.create({ ...raw, data: someData(1000).data, deadlineMs: 1500 }))
  expect(error).toMatchObject({ name: 'TimeoutError', limit: 'deadline' })
  expect(uploads(under)).toHaveLength(1)
  expect(await leftOvers(under)).toEqual([])
})

test('U9: a 413 that comes while the data is still going out is read, not lost, and not retried', async () => {
  const { data } = someData(20_000_000)
  const body = '<h1>too large</h1>'
  await using under = await faultyCloud({
    image: [{ match: file, fault: { type: 'status', status: 413, afterRequestBytes: 100_000, body, unread: 'close' } }],
  })
  const error = await failure(under.cloud.images.create({ ...raw, data }))
  expect(error).toBeInstanceOf(OverLimitError)
  expect((error as OverLimitError).message).not.toContain('<h1>')
  expect(uploads(under)).toHaveLength(1)
  expect(await leftOvers(under)).toEqual([])
})

test('U10: a 413 of a quota is not retried, says how much is used, and nothing is left', async () => {
  const usage = { image_size_total: { limit: 1000, usage: 990 }, image_count_total: { limit: 10, usage: 3 } }
  await using under = await faultyCloud({
    image: [
      {
        match: file,
        fault: { type: 'status', status: 413, headers: json, body: '{"message":"image_size_total is over limit"}' },
      },
      { match: { method: 'GET', path: '/info/usage$' }, fault: { type: 'body', body: JSON.stringify({ usage }) } },
    ],
  })
  const error = await failure(under.cloud.images.create({ ...raw, data: someData(1000).data }))
  expect(error).toBeInstanceOf(OverLimitError)
  expect(error).toMatchObject({
    status: 413,
    message: expect.stringContaining('image_size_total'),
    hint: 'quotas of this project: image_size_total 990 of 1000 MiB, image_count_total 3 of 10',
  })
  expect(uploads(under)).toHaveLength(1)
  expect(await leftOvers(under)).toEqual([])
})

test('U10: a cloud that does not tell its usage gives the same error without it', async () => {
  await using under = await faultyCloud({
    image: [
      { match: file, fault: { type: 'status', status: 413 } },
      { match: { method: 'GET', path: '/info/usage$' }, fault: { type: 'status', status: 404 } },
    ],
  })
  const error = await failure(under.cloud.images.create({ ...raw, data: someData(1000).data }))
  expect(error).toMatchObject({ name: 'OverLimitError', status: 413 })
  expect(error).not.toHaveProperty('hint')
})

test('U11: a 415 is not retried, says why, and nothing is left', async () => {
  const body = JSON.stringify({
    message: 'does not match<br /><br />\n',
    code: '415 Unsupported Media Type',
    title: '',
  })
  await using under = await faultyCloud({
    image: [{ match: file, fault: { type: 'status', status: 415, headers: json, body, afterRequestBytes: 'end' } }],
  })
  const error = await failure(under.cloud.images.create({ ...raw, data: someData(size).data }))
  expect(error).toBeInstanceOf(UnsupportedMediaTypeError)
  expect((error as Error).message).toContain('does not match')
  expect(uploads(under)).toHaveLength(1)
  expect(await leftOvers(under)).toEqual([])
})

test('U19: an image deleted by somebody else meanwhile is a typed error, not retried', async () => {
  await using under = await faultyCloud({
    image: [{ match: { ...file, nth: 1 }, fault: { type: 'status', status: 410, afterRequestBytes: 'end' } }],
  })
  const error = await failure(under.cloud.images.create({ ...raw, data: someData(1000).data }))
  expect(error).toMatchObject({ name: 'GoneError', status: 410 })
  expect(uploads(under)).toHaveLength(1)
  expect(await leftOvers(under)).toEqual([])
})
