import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { isNotFound, isRetryable } from '@tyrax/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { someData } from '../faults/faulty-cloud.js'
import { type OpenStack, startOpenStack } from '../openstack/start-openstack.js'
import { dataRequests, throughFaults } from './real-cloud.js'

// Services of its own: others' tests want a Glance that stays.
let openstack: OpenStack
const tokenLifeSeconds = 60
const rate = 200_000
/** Takes 75 seconds at that rate. */
const size = 75 * rate
/** A part that begins far from the beginning. */
const wayIn = /^GET [1-9]\d{6,}-\d{8}$/

beforeAll(async () => {
  openstack = await startOpenStack({ tokenLifeSeconds })
})
afterAll(() => openstack?.close())

test.concurrent('an upload that takes longer than its token lives is verified', async () => {
  await using at = await throughFaults(openstack)
  const { data, sha512 } = someData(size)
  const began = Date.now()
  const image = await at.cloud.images.create({ name: 'slow upload', diskFormat: 'raw', data, limitRate: rate })
  expect(Date.now() - began).toBeGreaterThan(tokenLifeSeconds * 1000)
  expect(image).toMatchObject({ verdict: 'verified', status: 'active', osHashValue: sha512, size })
  expect(dataRequests(at.faults)).toEqual(['PUT whole'])
  await at.cloud.images.delete(image.id)
})

test.concurrent('a download that takes longer than its token lives goes on with a new one, and is verified', async () => {
  const cutAt = size - 5 * rate
  const fault = { type: 'close' as const, afterResponseBytes: cutAt }
  await using at = await throughFaults(openstack, [{ match: { method: 'GET', path: '/file$', nth: 1 }, fault }])
  const { data } = someData(size)
  const { id } = await at.cloud.images.create({ name: 'slow download', diskFormat: 'raw', data })
  const to = path.join(at.folder, 'slow.raw')
  const began = Date.now()
  expect(await at.cloud.images.download(id, { to, limitRate: rate })).toMatchObject({
    bytes: size,
    verdict: 'verified',
  })
  expect(Date.now() - began).toBeGreaterThan(tokenLifeSeconds * 1000)
  expect((await readFile(to)).equals(data)).toBe(true)
  const [, whole, ...parts] = dataRequests(at.faults)
  expect(whole).toBe('GET whole')
  // With an expired token it is asked for twice.
  expect(parts.length).toBeGreaterThan(0)
  for (const part of parts) expect(part).toMatch(wayIn)
  await at.cloud.images.delete(id)
})

test('a download during which Glance is restarted goes on behind the last byte, and is verified', async () => {
  await using at = await throughFaults(openstack)
  const { data } = someData(60_000_000)
  const { id } = await at.cloud.images.create({ name: 'restarted', diskFormat: 'raw', data })
  const to = path.join(at.folder, 'restarted.raw')
  const restart = onceAt(10_000_000, () => openstack.restartGlance())
  const result = await at.cloud.images.download(id, { to, limitRate: 6_000_000, onProgress: restart.onProgress })
  await restart.done()
  expect(result).toMatchObject({ bytes: data.length, verdict: 'verified' })
  expect((await readFile(to)).equals(data)).toBe(true)
  expect(await readdir(at.folder)).toEqual(['restarted.raw'])
  const [put, whole, ...parts] = dataRequests(at.faults)
  expect([put, whole]).toEqual(['PUT whole', 'GET whole'])
  expect(parts.length).toBeGreaterThan(0)
  for (const part of parts) expect(part).toMatch(wayIn)
  await at.cloud.images.delete(id)
})

test('an upload during which Glance is restarted is verified, or an error that leaves no record; again, it is verified', async () => {
  await using at = await throughFaults(openstack)
  const { data, sha512 } = someData(60_000_000)
  const params = { diskFormat: 'raw', data, limitRate: 6_000_000, settleTimeoutMs: 5000 } as const
  const restart = onceAt(10_000_000, () => openstack.restartGlance())
  const create = at.cloud.images.create({ ...params, name: 'interrupted', onProgress: restart.onProgress })
  const made = await create.then(
    ({ id }) => [{ id, status: 'active', osHashValue: sha512 }],
    (error: unknown) => {
      if (!isRetryable(error)) throw error
      return []
    },
  )
  await restart.done()
  const left = await at.cloud.images.listAll({ name: 'interrupted' })
  expect(left).toMatchObject(made)
  for (const { id } of left) await at.cloud.images.delete(id)
  const again = await at.cloud.images.create({ ...params, name: 'again' })
  expect(again).toMatchObject({ verdict: 'verified', osHashValue: sha512 })
  await at.cloud.images.delete(again.id)
  expect(await at.cloud.images.get(again.id).catch(isNotFound)).toBe(true)
})

/** Does something once, as soon as so many bytes have moved. */
function onceAt(bytes: number, work: () => Promise<void>) {
  let doing: Promise<void> | undefined
  const onProgress = (progress: { readonly phase: string; readonly bytes: number }) => {
    if (progress.phase !== 'inspect' && progress.bytes >= bytes) doing ??= work()
  }
  const done = async () => {
    expect(doing).toBeDefined()
    await doing
  }
  return { onProgress, done }
}
