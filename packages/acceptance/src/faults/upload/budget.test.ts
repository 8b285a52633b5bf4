import { open } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { fromFile } from '@tyrax/sdk'
import { failure, faultyCloud, someData } from '../faulty-cloud.js'
import { leftOvers, raw, uploads } from './scene.js'
import { startSink } from './sink.js'

test('Budget: eight uploads of one cloud share its rate and take turns', async () => {
  await using under = await faultyCloud({}, { transfers: { maxBytesPerSecond: 64 * 2 ** 20, maxConcurrent: 2 } })
  const { data, sha512 } = someData(8 * 2 ** 20)
  let busy = 0
  let most = 0
  const upload = (index: number) => {
    const onProgress = ({ phase, bytes, total }: { phase: string; bytes: number; total: number | undefined }) => {
      if (phase === 'upload' && bytes === 0) most = Math.max(most, (busy += 1))
      if (phase === 'upload' && bytes === total) busy -= 1
    }
    return under.cloud.images.create({ ...raw, name: `u${index}`, data, onProgress })
  }
  const images = await Promise.all(Array.from({ length: 8 }, (_, index) => upload(index)))
  expect(images.map(({ osHashValue }) => osHashValue)).toEqual(Array.from({ length: 8 }, () => sha512))
  expect(most).toBeLessThanOrEqual(2)
})

test('Budget: eight uploads at once are done in constant memory', async () => {
  await using under = await faultyCloud({})
  await using sink = await startSink()
  const cloud = await under.another({ imageEndpointOverride: sink.url })
  const name = path.join(under.folder, 'sparse.raw')
  await using handle = await open(name, 'w')
  const size = 128 * 2 ** 20
  await handle.truncate(size)
  const before = process.memoryUsage().rss
  let peak = before
  const onProgress = () => {
    peak = Math.max(peak, process.memoryUsage().rss)
  }
  const upload = () => cloud.images.create({ ...raw, data: fromFile(name), onProgress })
  const images = await Promise.all(Array.from({ length: 8 }, upload))
  expect(images.map((image) => image.size)).toEqual(Array.from({ length: 8 }, () => size))
  expect(peak - before).toBeLessThan(400 * 2 ** 20)
})

test('Budget: a limited upload moves no faster, and is taken neither for a slow server nor for a dead source', async () => {
  await using under = await faultyCloud({}, { timeouts: { idleTimeoutMs: 1000 } })
  const rates: number[] = []
  const image = await under.cloud.images.create({
    ...raw,
    data: someData(400_000).data,
    limitRate: 200_000,
    onProgress: ({ phase, bytes, bytesPerSecond }) => {
      if (phase === 'upload' && bytes > 100_000) rates.push(bytesPerSecond)
    },
  })
  expect(image.verdict).toBe('verified')
  expect(uploads(under)).toHaveLength(1)
  expect(Math.max(...rates)).toBeLessThan(300_000)
})

test('Budget: a deadline ends an upload that only the limit holds up, and nothing is left', async () => {
  await using under = await faultyCloud({})
  const { data } = someData(1_000_000)
  const error = await failure(under.cloud.images.create({ ...raw, data, limitRate: 10_000, deadlineMs: 700 }))
  expect(error).toMatchObject({ name: 'TimeoutError', limit: 'deadline', timeoutMs: 700 })
  await expect.poll(() => leftOvers(under)).toEqual([])
})
