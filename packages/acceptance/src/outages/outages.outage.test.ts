import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { someData } from '../faults/faulty-cloud.js'
import { type OpenStack, startOpenStack } from '@tyrax/testkit'
import { glanceOutage, type Signal } from './outage.js'
import { dataExchanges, throughFaults } from './real-cloud.js'
import { mib, tell } from './tell.js'

// Services of its own, because other tests need a Glance that keeps running.
let openstack: OpenStack
const tokenLifeSeconds = 60
const slowRate = 200_000
/** Takes 70 seconds at that rate. */
const slowSize = 70 * slowRate
const size = 50_000_000
const rate = 8_000_000
/** Glance is ended when this number of bytes was transferred. */
const strikeAt = 10 * 2 ** 20

beforeAll(async () => {
  openstack = await startOpenStack({ tokenLifeSeconds })
})
afterAll(() => openstack?.close())

test.concurrent('an upload that takes longer than its token lives is verified', async () => {
  await using at = await throughFaults(openstack)
  const { data, sha512 } = someData(slowSize)
  const began = Date.now()
  const image = await at.cloud.images.create({ name: 'slow upload', diskFormat: 'raw', data, limitRate: slowRate })
  const seconds = (Date.now() - began) / 1000
  expect(seconds).toBeGreaterThan(tokenLifeSeconds)
  expect(image).toMatchObject({ verdict: 'verified', status: 'active', osHashValue: sha512, size: slowSize })
  expect(dataExchanges(at.faults)).toEqual(['PUT whole: 204'])
  tell(`Upload of ${seconds.toFixed(0)} s with tokens of ${tokenLifeSeconds} s`, slowSize, 'verified', [
    'PUT whole: 204',
  ])
  await at.cloud.images.delete(image.id)
})

test.concurrent('a download that takes longer than its token lives goes on with a new one, and is verified', async () => {
  const cutAt = slowSize - 5 * slowRate
  const fault = { type: 'close' as const, afterResponseBytes: cutAt }
  await using at = await throughFaults(openstack, [{ match: { method: 'GET', path: '/file$', nth: 1 }, fault }])
  const { data } = someData(slowSize)
  const { id } = await at.cloud.images.create({ name: 'slow download', diskFormat: 'raw', data })
  const to = path.join(at.folder, 'slow.raw')
  const began = Date.now()
  const result = await at.cloud.images.download(id, { to, limitRate: slowRate })
  const seconds = (Date.now() - began) / 1000
  expect(seconds).toBeGreaterThan(tokenLifeSeconds)
  expect(result).toMatchObject({ bytes: slowSize, verdict: 'verified' })
  expect((await readFile(to)).equals(data)).toBe(true)
  const [, whole, ...parts] = dataExchanges(at.faults)
  expect(whole).toBe('GET whole: 200')
  // Refused because the token has expired, or requested with a new one right away; what the client had not yet read
  // when the connection was cut is requested again.
  const rest = new RegExp(`^GET 1[23]\\d{6}-${slowSize - 1}: (206|401)$`)
  for (const part of parts) expect(part).toMatch(rest)
  expect(parts.filter((part) => part.endsWith(': 206'))).toHaveLength(1)
  const what = `Download of ${seconds.toFixed(0)} s with tokens of ${tokenLifeSeconds} s, connection cut at byte ${cutAt}`
  tell(what, result.bytes, result.verdict, ['GET whole: 200', ...parts])
  await at.cloud.images.delete(id)
})

test.each<[string, Signal, string, RegExp]>([
  ['restarted', 'SIGTERM', 'fast', /^GET (\d+)-49999999: 206$/],
  ['killed', 'SIGKILL', 'fast', /^GET (\d+)-49999999: 206$/],
  ['killed', 'SIGKILL', 'swift', /^GET whole: 200$/],
])('a download during which Glance is %s (%s) from the store %s is verified', async (_how, signal, store, last) => {
  await using at = await throughFaults(openstack)
  const { data } = someData(size)
  const { id } = await at.cloud.images.create({ name: 'interrupted', diskFormat: 'raw', data, store })
  const to = path.join(at.folder, 'interrupted.raw')
  const outage = glanceOutage(openstack, signal, strikeAt)
  const result = await at.cloud.images.download(id, { to, limitRate: rate, onProgress: outage.onProgress })
  const { atBytes, downSeconds } = await outage.over()
  expect(result).toMatchObject({ bytes: size, verdict: 'verified' })
  expect((await readFile(to)).equals(data)).toBe(true)
  expect(await readdir(at.folder)).toEqual(['interrupted.raw'])
  const [put, whole, ...more] = dataExchanges(at.faults)
  expect([put, whole]).toEqual(['PUT whole: 204', 'GET whole: 200'])
  expect(more.at(-1)).toMatch(last)
  // From a store with ranges, bytes that are already there are never requested again.
  const [, from = size] = last.exec(more.at(-1) ?? '') ?? []
  expect(Number(from)).toBeGreaterThanOrEqual(strikeAt)
  const down = `Glance ended by ${signal} at ${mib(atBytes)}, back after ${downSeconds.toFixed(1)} s`
  tell(`Download from the store ${store}, ${down}`, result.bytes, result.verdict, ['GET whole: 200', ...more])
  await at.cloud.images.delete(id)
})

test.each<[string, Signal]>([
  ['restarted', 'SIGTERM'],
  ['killed', 'SIGKILL'],
])('an upload during which Glance is %s (%s) is verified, and leaves one image', async (_how, signal) => {
  await using at = await throughFaults(openstack)
  const { data, sha512 } = someData(size)
  const outage = glanceOutage(openstack, signal, strikeAt)
  const params = { name: `interrupted by ${signal}`, diskFormat: 'raw', data, limitRate: rate, settleTimeoutMs: 3000 }
  const image = await at.cloud.images.create({ ...params, onProgress: outage.onProgress })
  const { atBytes, downSeconds } = await outage.over()
  expect(image).toMatchObject({ verdict: 'verified', status: 'active', osHashValue: sha512, size })
  expect((await at.cloud.images.listAll({ name: params.name })).map(({ id }) => id)).toEqual([image.id])
  const exchanges = dataExchanges(at.faults)
  expect([exchanges[0], exchanges.at(-1)]).toEqual(['PUT whole: no answer', 'PUT whole: 204'])
  const down = `Glance ended by ${signal} at ${mib(atBytes)}, back after ${downSeconds.toFixed(1)} s`
  tell(`Upload, ${down}`, size, image.verdict ?? '', exchanges)
  await at.cloud.images.delete(image.id)
})
