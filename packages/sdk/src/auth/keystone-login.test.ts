import { expect, test } from 'vitest'
import { localExpiry } from './keystone-login.js'

const now = Date.parse('2026-01-01T12:00:00Z')

test.each([
  '2026-01-01T13:00:00.000000Z',
  '2026-01-01T13:00:00.000000',
  '2026-01-01T13:00:00+00:00',
  '2026-01-01T15:00:00+0200',
])('an expiry written %s is an hour ahead', (expires) => {
  expect(localExpiry(expires, { now, date: 'Thu, 01 Jan 2026 12:00:00 GMT' })).toBe(now + 3_600_000)
})

test.each([
  ['Thu, 01 Jan 2026 12:10:00 GMT', '2026-01-01T13:10:00Z'],
  ['Thu, 01 Jan 2026 11:50:00 GMT', '2026-01-01T12:50:00Z'],
])('a server whose clock says %s gives a token the same life by ours', (date, expires) => {
  expect(localExpiry(expires, { now, date })).toBe(now + 3_600_000)
})

test('without a Date the time is taken as it is, and without a time there is none', () => {
  expect(localExpiry('2026-01-01T13:00:00Z', { now, date: null })).toBe(now + 3_600_000)
  expect(localExpiry('tomorrow', { now, date: null })).toBeUndefined()
})
