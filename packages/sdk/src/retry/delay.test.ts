import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRetryAfter, retryDelay } from './delay.js'
import { defaultRetryPolicy } from './policies.js'

const policy = { ...defaultRetryPolicy, retries: 30 }
const random = fc.double({ min: 0, max: 1, noNaN: true })

test('a delay lies within a quarter around the doubled one, and never over the maximum', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), random, (attempt, random) => {
      const delay = retryDelay(policy, { attempt, now: 0, random })
      const base = Math.min(500 * 2 ** (attempt - 1), 20_000)
      expect(delay).toBeGreaterThanOrEqual(base * 0.75)
      expect(delay).toBeLessThanOrEqual(Math.min(base * 1.25, 20_000))
    }),
  )
})

test('attempts end when they are used up', () => {
  expect(retryDelay(defaultRetryPolicy, { attempt: 4, now: 0, random: 0 })).toBeDefined()
  expect(retryDelay(defaultRetryPolicy, { attempt: 5, now: 0, random: 0 })).toBeUndefined()
})

test('Retry-After is waited for exactly, as seconds and as a date, within the limit', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  const delay = (retryAfter: string) => retryDelay(defaultRetryPolicy, { attempt: 1, retryAfter, now, random: 0.5 })
  expect(delay('7')).toBe(7000)
  expect(delay('Thu, 01 Jan 2026 00:00:09 GMT')).toBe(9000)
  expect(delay('Wed, 31 Dec 2025 00:00:00 GMT')).toBe(0)
  expect(delay('121')).toBeUndefined()
  expect(delay('soon')).toBe(500)
})

test('no header makes the parser throw or give a negative wait', () => {
  fc.assert(
    fc.property(fc.string(), (header) => {
      const wait = parseRetryAfter(header, 1_700_000_000_000)
      expect(wait === undefined || wait >= 0).toBe(true)
    }),
  )
})
