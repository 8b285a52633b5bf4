import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ConnectionError } from '../errors/connection-errors.js'
import { defaultRetryPolicy, policies } from '../retry/policies.js'
import { countAttempts } from './attempts.js'
import type { Span } from './range-response.js'
import { type ReadOrigin, resumableRead } from './resumable-read.js'

const data = Uint8Array.from({ length: 5000 }, (_, index) => (index * 31) % 251)
const broken = new ConnectionError('reset', { reason: 'reset', method: 'GET', url: 'http://h/' })
const attempts = () => countAttempts({ ...defaultRetryPolicy, retries: 1000, delayMs: 0 }, undefined)

/** An origin whose connections each deliver some bytes and break off. */
function origin(asked: Span[], brings: () => number, hasRanges: boolean): ReadOrigin {
  return {
    size: data.byteLength,
    async open(span) {
      asked.push(span)
      const start = hasRanges ? span.start : 0
      const whole = hasRanges ? span.end : data.byteLength
      const end = Math.min(whole, start + brings())
      const body = async function* () {
        for (let at = start; at < end; at += 97) yield data.subarray(at, Math.min(at + 97, end))
        if (end < whole) throw broken
      }
      return { start, end: whole, body: body() }
    },
    mayResume: policies.imageData.isWorthRetrying,
    wrongLength: (at, how) => new Error(`${how} at ${at}`),
  }
}

async function read(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Uint8Array.from(Buffer.concat(chunks))
}

test('the bytes of any span come in order and once, wherever connections break, with ranges and without', async () => {
  const place = fc.nat(data.byteLength - 1)
  await fc.assert(
    fc.asyncProperty(place, place, fc.boolean(), fc.infiniteStream(fc.nat(4000)), async (one, two, hasRanges, cuts) => {
      const span = { start: Math.min(one, two), end: Math.max(one, two) + 1 }
      let more = 0
      // Without ranges, a connection delivers something new only if it gets further than the one before.
      const brings = () => (cuts.next().value ?? 0) + (hasRanges ? 0 : (more += 500))
      const bytes = resumableRead(origin([], brings, hasRanges), span, attempts())
      expect(await read(bytes)).toEqual(data.slice(span.start, span.end))
    }),
    { numRuns: 200 },
  )
})

test('a span may grow while the connection could give more, and no second one is asked', async () => {
  const asked: Span[] = []
  const ends = [2000, 3000]
  const extend = () => ends.shift()
  const bytes = resumableRead(
    origin(asked, () => 5000, true),
    { start: 0, end: 1000 },
    attempts(),
    { extend },
  )
  expect(await read(bytes)).toEqual(data.slice(0, 3000))
  expect(asked).toEqual([{ start: 0, end: data.byteLength }])
})

test('what comes again is counted as skipped, after a restart', async () => {
  const seen: (string | number)[] = []
  let connections = 0
  const brings = () => (connections++ === 0 ? 1000 : 5000)
  const bytes = resumableRead(origin([], brings, false), { start: 0, end: data.byteLength }, attempts(), {
    onRestart: () => seen.push('restart'),
    onSkipped: (count) => seen.push(count),
  })
  expect(await read(bytes)).toEqual(data)
  expect(seen[0]).toBe('restart')
  expect(seen.slice(1).reduce<number>((sum, count) => sum + Number(count), 0)).toBe(1000)
})

test.each([
  ['short', 900],
  ['long', 1100],
])('a body that is too %s is an error', async (how, length) => {
  const wrong: ReadOrigin = {
    ...origin([], () => 0, true),
    async open() {
      const body = async function* () {
        yield data.subarray(0, length)
      }
      return { start: 0, end: 1000, body: body() }
    },
  }
  const bytes = resumableRead(wrong, { start: 0, end: 1000 }, attempts())
  await expect(read(bytes)).rejects.toThrow(`${how} at ${how === 'short' ? 900 : 1000}`)
})

test('an error that is not the connection’s ends it at once', async () => {
  const asked: Span[] = []
  const other = { ...origin(asked, () => 100, true), mayResume: () => false, explain: () => new Error('explained') }
  await expect(read(resumableRead(other, { start: 0, end: 5000 }, attempts()))).rejects.toThrow('explained')
  expect(asked).toHaveLength(1)
})
