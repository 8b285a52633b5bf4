import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { fromFile, fromStream, fromUrl } from '@tyrax/sdk'
import type { Fault } from '@tyrax/server'
import { startFaultServer } from '@tyrax/testkit'
import { failure, faultyCloud, someData } from '../faulty-cloud.js'
import { file, leftOvers, raw, uploads } from './scene.js'

const size = 3_000_000
const breaks: [string, Fault][] = [
  ['a reset before the first byte', { type: 'reset', afterRequestBytes: 0 }],
  ['a reset in the middle', { type: 'reset', afterRequestBytes: 1_234_567 }],
  ['a reset at the last byte', { type: 'reset', afterRequestBytes: size }],
  ['a connection closed before the first byte', { type: 'close', afterRequestBytes: 0 }],
  ['a connection closed in the middle', { type: 'close', afterRequestBytes: 2_000_000 }],
  ['a connection closed at the last byte', { type: 'close', afterRequestBytes: size }],
]

test.each(breaks)('U5: after %s the data is sent again from its start, to the same image', async (_what, fault) => {
  const { data, sha512 } = someData(size)
  await using under = await faultyCloud({ image: [{ match: { ...file, nth: 1 }, fault }] })
  const image = await under.cloud.images.create({ ...raw, data })
  expect(image).toMatchObject({ status: 'active', size, osHashValue: sha512, verdict: 'verified' })
  expect(new Set(uploads(under).map((each) => each.path)).size).toBe(1)
  expect(uploads(under).at(-1)?.bodyBytes).toBe(size)
  expect(await leftOvers(under)).toEqual(['active'])
})

// After the last byte the server has all of the data: that is case U6.
const early = breaks.filter(([, fault]) => !('afterRequestBytes' in fault && fault.afterRequestBytes === size))

test.each(early)('U5: after %s a stream is not sent again: an error, and nothing is left', async (_what, fault) => {
  const { data } = someData(size)
  await using under = await faultyCloud({ image: [{ match: { ...file, nth: 1 }, fault }] })
  const source = fromStream(Readable.from([data.subarray(0, 500_000), data.subarray(500_000)]), { size })
  expect(await failure(under.cloud.images.create({ ...raw, data: source }))).toMatchObject({ name: 'ConnectionError' })
  expect(uploads(under)).toHaveLength(1)
  expect(await leftOvers(under)).toEqual([])
})

test.each(['a file', 'a web address'])(
  'U5: compressed data of %s is read, compared and decompressed again, and sent from its start',
  async (origin) => {
    const { data, sha512 } = someData(size)
    const packed = gzipSync(data)
    await using web = await startFaultServer({ handler: (_request, response) => response.end(packed) })
    await using under = await faultyCloud({
      image: [{ match: { ...file, nth: 1 }, fault: { type: 'reset', afterRequestBytes: 1_234_567 } }],
    })
    const name = path.join(under.folder, 'u.img')
    await writeFile(name, packed)
    const source = origin === 'a file' ? fromFile(name) : fromUrl(`${web.url}/u.img`)
    const checksum = `sha256:${createHash('sha256').update(packed).digest('hex')}`
    const image = await under.cloud.images.create({ ...raw, data: source, sourceChecksum: checksum })
    expect(image).toMatchObject({ size, osHashValue: sha512, verdict: 'verified', decompressed: 'gzip' })
    expect(image.sourceChecksum?.verdict).toBe('verified')
    expect(uploads(under)).toHaveLength(2)
    expect(await leftOvers(under)).toEqual(['active'])
  },
)

test.each(['reset', 'close'] as const)(
  'U6: a response lost by %s after the data was stored is a success without a second upload',
  async (type) => {
    const { data, sha512 } = someData(size)
    await using under = await faultyCloud({
      image: [{ match: { ...file, nth: 1 }, fault: { type, afterResponseBytes: 'none' } }],
    })
    const image = await under.cloud.images.create({ ...raw, data: fromStream(Readable.from([data]), { size }) })
    expect(image).toMatchObject({ status: 'active', osHashValue: sha512, verdict: 'verified' })
    expect(uploads(under)).toHaveLength(1)
  },
)

const saving = {
  id: 'x',
  status: 'saving',
  tags: [],
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
}
const reads = { method: 'GET', path: '/images/' } as const

test('U5: a record that stays `saving` because the server was killed is given up after a while, and created again once', async () => {
  const { data, sha512 } = someData(size)
  await using under = await faultyCloud({
    image: [
      { match: { ...file, nth: 1 }, fault: { type: 'reset', afterRequestBytes: 1_000_000 } },
      { match: { ...reads, nth: 1, count: 2 }, fault: { type: 'body', body: JSON.stringify(saving) } },
    ],
  })
  const image = await under.cloud.images.create({ ...raw, data, settleTimeoutMs: 50 })
  expect(image).toMatchObject({ status: 'active', osHashValue: sha512, verdict: 'verified' })
  expect(under.image.requests.filter(({ method }) => method === 'POST')).toHaveLength(2)
  expect(await leftOvers(under)).toEqual(['active'])
})

test('U7: a 409 to the second try, while the first is still being saved, is waited out, then decided', async () => {
  const { data, sha512 } = someData(size)
  const queued = { ...saving, status: 'queued' }
  await using under = await faultyCloud({
    image: [
      { match: { ...file, nth: 1 }, fault: { type: 'reset', afterResponseBytes: 'none' } },
      { match: { ...file, nth: 2 }, fault: { type: 'status', status: 409 } },
      { match: { ...reads, nth: 1 }, fault: { type: 'body', body: JSON.stringify(queued) } },
      { match: { ...reads, nth: 2, count: 2 }, fault: { type: 'body', body: JSON.stringify(saving) } },
    ],
  })
  const image = await under.cloud.images.create({ ...raw, data })
  expect(image).toMatchObject({ status: 'active', osHashValue: sha512, verdict: 'verified' })
  expect(uploads(under)).toHaveLength(2)
  expect(await leftOvers(under)).toEqual(['active'])
})

test('U5: a record whose creation response was lost is found again, not created twice', async () => {
  await using under = await faultyCloud({
    image: [{ match: { method: 'POST', nth: 1 }, fault: { type: 'reset', afterResponseBytes: 'none' } }],
  })
  const image = await under.cloud.images.create({ ...raw, data: someData(1000).data })
  expect(image.status).toBe('active')
  expect(await leftOvers(under)).toEqual(['active'])
})
