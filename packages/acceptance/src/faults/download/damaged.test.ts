import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { FileDownloadOptions, TyraxError } from '@tyrax/sdk'
import type { Fault, FaultPlan } from '@tyrax/server'
import { startFaultServer } from '@tyrax/testkit'
import { failure } from '../faulty-cloud.js'
import { cut, file, middle, part, scene, type Scene, size, whole } from './scene.js'

const flipped: Fault = { type: 'corrupt', atResponseByte: 500_000 }
const large = 12_000_000

test.each<[string, FaultPlan, Partial<FileDownloadOptions>, number]>([
  ['one byte is another', [{ match: { ...file, nth: 1 }, fault: flipped }], {}, size],
  [
    'the last byte is another',
    [{ match: { ...file, nth: 1 }, fault: { ...flipped, atResponseByte: size - 1 } }],
    {},
    size,
  ],
  ['there are more bytes', [{ match: { ...file, nth: 1 }, fault: { type: 'extend', bytes: 7 } }], {}, size],
  ['nothing may be resumed', [{ match: { ...file, nth: 1 }, fault: flipped }], { resume: false }, size],
  ['one of several connections brings it', [{ match: { ...part, nth: 1 }, fault: flipped }], { concurrency: 3 }, large],
  ['the first of several brings it', [{ match: { ...whole, nth: 1 }, fault: flipped }], { concurrency: 3 }, large],
])('D22: what came damaged once is fetched once more when %s', async (_what, plan, options, bytes) => {
  await using at = await scene(plan, bytes)
  const told: TyraxError[] = []
  const done = await at.download({ ...options, onDamaged: (error) => told.push(error) })
  expect(done).toMatchObject({ bytes, resumedBytes: 0, verdict: 'verified' })
  expect(told).toMatchObject([{ name: 'IntegrityError' }])
  expect(at.ranges().filter((range) => range === 'whole')).toHaveLength(2)
  expect(await at.isWhole()).toBe(true)
  expect(await at.files()).toEqual(['d.raw'])
})

test('D22: what came damaged behind what an earlier run left is fetched once more from the beginning', async () => {
  await using at = await scene([
    { match: { ...whole, nth: 1 }, fault: cut },
    { match: { ...part, nth: 1 }, fault: flipped },
  ])
  await failure(at.download({ retries: 0 }))
  const told: TyraxError[] = []
  const done = await at.download({ onDamaged: (error) => told.push(error) })
  expect(done).toMatchObject({ bytes: size, resumedBytes: 0, verdict: 'verified' })
  expect(told).toMatchObject([{ name: 'IntegrityError', what: 'sha512' }])
  expect(at.ranges()).toEqual(['whole', `${middle}-${size - 1}`, 'whole'])
  expect(await at.isWhole()).toBe(true)
})

test.each<[string, Fault]>([
  ['another byte', flipped],
  ['more bytes', { type: 'extend', bytes: 1 }],
])('D22: %s the second time too are an error, asked for twice, and no file', async (_what, fault) => {
  await using at = await scene([{ match: file, fault }])
  const told: TyraxError[] = []
  const error = await failure(at.download({ onDamaged: (wrong) => told.push(wrong) }))
  expect(error).toMatchObject({ name: 'IntegrityError' })
  expect(told).toHaveLength(1)
  expect(at.ranges()).toEqual(['whole', 'whole'])
  expect(await at.files()).toEqual([])
})

test('D22: bytes that the server vouches for are not fetched again because of another published checksum', async () => {
  await using at = await scene([])
  const checksum = `sha256:${'0'.repeat(64)}`
  expect(await failure(at.download({ checksum }))).toMatchObject({ name: 'ChecksumMismatch' })
  expect(at.ranges()).toEqual(['whole'])
  expect(await at.files()).toEqual([])
})

/** The same cloud with a changed record of the image. */
async function withRecord(at: Scene, changes: object) {
  const time = '2026-01-01T00:00:00Z'
  const record = { id: at.id, size, status: 'active', tags: [], created_at: time, updated_at: time, ...changes }
  const server = await startFaultServer({
    upstream: at.under.image.url,
    plan: [{ match: { method: 'GET', path: '/images/[^/]+$' }, fault: { type: 'body', body: JSON.stringify(record) } }],
  })
  const cloud = await at.under.another({ imageEndpointOverride: `${server.url}/v2` })
  return { cloud, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

test('D8: data of an image that has 0 bytes by its record is an error, to a file and as a stream', async () => {
  await using at = await scene([])
  await using odd = await withRecord(at, { size: 0 })
  const refused = { name: 'IntegrityError', what: 'size' }
  expect(await failure(odd.cloud.images.download(at.id, { to: at.to }))).toMatchObject(refused)
  expect(await failure(odd.cloud.images.download(at.id, { to: at.to, concurrency: 3 }))).toMatchObject(refused)
  expect(await failure(odd.cloud.images.download(at.id))).toMatchObject(refused)
  expect(await at.files()).toEqual([])
})

test.each([-5, 1.5, -0.5, 2 ** 60])(
  'D8: a record of %d bytes says nothing of the data, which is fetched whole',
  async (wrong) => {
    await using at = await scene([])
    const hash = createHash('sha512').update(at.data).digest('hex')
    await using odd = await withRecord(at, { size: wrong, os_hash_algo: 'sha512', os_hash_value: hash })
    const done = await odd.cloud.images.download(at.id, { to: at.to, concurrency: 3 })
    expect(done).toMatchObject({ bytes: size, verdict: 'verified' })
    expect(await at.isWhole()).toBe(true)
  },
)

test('D22: without a hash of the server, the published checksum decides that bytes are fetched once more', async () => {
  await using at = await scene([{ match: { ...file, nth: 1 }, fault: flipped }])
  await using without = await withRecord(at, {})
  const { cloud } = without
  const checksum = `sha256:${createHash('sha256').update(at.data).digest('hex')}`
  const told: TyraxError[] = []
  const done = await cloud.images.download(at.id, { to: at.to, checksum, onDamaged: (error) => told.push(error) })
  expect(done).toMatchObject({ verdict: 'unverifiable', sourceChecksum: { verdict: 'verified' } })
  expect(told).toMatchObject([{ name: 'ChecksumMismatch' }])
  expect(at.ranges()).toEqual(['whole', 'whole'])
  expect(await at.isWhole()).toBe(true)
})

test('D22: a stream that was handed out already ends in the error', async () => {
  await using at = await scene([{ match: { ...file, nth: 1 }, fault: flipped }])
  const { stream } = await at.under.cloud.images.download(at.id)
  const read = async () => {
    for await (const chunk of stream) expect(chunk.byteLength).toBeGreaterThan(0)
  }
  expect(await failure(read())).toMatchObject({ name: 'IntegrityError', what: 'sha512' })
  expect(at.ranges()).toEqual(['whole'])
})
