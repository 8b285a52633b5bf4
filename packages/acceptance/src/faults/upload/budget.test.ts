import { expect, test } from 'vitest'
import { failure, faultyCloud, someData } from '../faulty-cloud.js'
import { leftOvers, raw, uploads } from './scene.js'

test('Budget: eight uploads of one cloud share its rate and take turns, in constant memory', async () => {
  await using under = await faultyCloud({}, { transfers: { maxBytesPerSecond: 64 * 2 ** 20, maxConcurrent: 2 } })
  const { data, sha512 } = someData(8 * 2 ** 20)
  let busy = 0
  let most = 0
  const before = process.memoryUsage().rss
  let peak = before
  const upload = (index: number) => {
    const onProgress = ({ phase, bytes, total }: { phase: string; bytes: number; total: number | undefined }) => {
      peak = Math.max(peak, process.memoryUsage().rss)
      if (phase === 'upload' && bytes === 0) most = Math.max(most, (busy += 1))
      if (phase === 'upload' && bytes === total) busy -= 1
    }
    return under.cloud.images.create({ ...raw, name: `u${index}`, data, onProgress })
  }
  const images = await Promise.all(Array.from({ length: 8 }, (_, index) => upload(index)))
  expect(images.map(({ osHashValue }) => osHashValue)).toEqual(Array.from({ length: 8 }, () => sha512))
  expect(most).toBeLessThanOrEqual(2)
  expect(peak - before).toBeLessThan(250 * 2 ** 20)
})

test('Budget: a limited upload moves no faster, and is taken neither for a slow server nor for a dead source', async () => {
  await using under = await faultyCloud({}, { timeouts: { idleTimeoutMs: 300 } })
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
  await expect.poll(() => leftOvers(under), { timeout: 20_000 }).toEqual([])
})
