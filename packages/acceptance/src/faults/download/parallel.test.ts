import type { FaultPlan } from '@tyrax/server'
import { expect, test } from 'vitest'
import { failure } from '../faulty-cloud.js'
import { cut, file, part, scene, whole } from './scene.js'

const large = 12_000_000
const slow = { type: 'trickle', bytesPerSecond: 20_000_000, direction: 'response' } as const

test.each<[string, FaultPlan]>([
  ['all goes well', []],
  ['one is cut', [{ match: { ...part, nth: 2 }, fault: { type: 'close', afterResponseBytes: 300_000 } }]],
  ['the first is cut', [{ match: whole, fault: cut }]],
  ['one is slow', [{ match: { ...part, nth: 1 }, fault: slow }]],
  ['one stops moving', [{ match: { ...part, nth: 1 }, fault: { type: 'stall', afterResponseBytes: 100_000 } }]],
  [
    'the server takes no more than one',
    [{ match: { ...part, nth: 1, count: 6 }, fault: { type: 'status', status: 503 } }],
  ],
  ['the store gives no parts', [{ match: part, fault: { type: 'status', status: 400 } }]],
  [
    'the server forgets to say which part it is',
    [{ match: part, fault: { type: 'headers', headers: { 'content-range': null } } }],
  ],
])('D21: over several connections the file is the same when %s', async (_what, plan) => {
  await using at = await scene(
    [{ match: { ...whole, nth: 2 }, fault: { type: 'status', status: 500 } }, ...plan],
    large,
  )
  expect(await at.download({ concurrency: 4 })).toMatchObject({ bytes: large, verdict: 'verified' })
  expect(await at.isWhole()).toBe(true)
  expect(await at.files()).toEqual(['d.raw'])
  expect(at.ranges()[0]).toBe('whole')
})

test('D21: a wrong byte in the parts is found', async () => {
  await using at = await scene([{ match: part, fault: { type: 'corrupt', atResponseByte: 5 } }], large)
  expect(await failure(at.download({ concurrency: 3 }))).toMatchObject({ name: 'IntegrityError' })
  expect(await at.files()).toEqual([])
})

test('D21: of what several connections left, only what has no gap before it is resumed from', async () => {
  await using at = await scene([{ match: file, fault: { ...slow, bytesPerSecond: 5_000_000 } }], large)
  const control = new AbortController()
  const stopped = at.download({
    concurrency: 4,
    signal: control.signal,
    onProgress: ({ bytes }) => bytes > 0 && control.abort(),
  })
  expect(await failure(stopped)).toMatchObject({ name: 'AbortError' })
  const { resumedBytes, verdict } = await at.under.direct.images.download(at.id, { to: at.to })
  expect(verdict).toBe('verified')
  expect(resumedBytes).toBeLessThan(large)
  expect(await at.isWhole()).toBe(true)
})
