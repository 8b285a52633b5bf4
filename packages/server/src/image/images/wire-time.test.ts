import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseIsoTime, wireTime } from './wire-time.js'

test('a time written for the wire reads back to its second', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_102_444_799 }), fc.integer({ min: 0, max: 999_999 }), (seconds, rest) => {
      expect(parseIsoTime(wireTime(seconds * 1_000_000 + rest))).toBe(seconds * 1_000_000)
    }),
  )
})

test.each([
  ['2015-11-29', '2015-11-29T00:00:00Z'],
  ['2015-11-29T22:21', '2015-11-29T22:21:00Z'],
  ['2015-11-29 22:21:42', '2015-11-29T22:21:42Z'],
  ['2015-11-29T22:21:42.5Z', '2015-11-29T22:21:42Z'],
  ['2015-11-29T22:21:42+02:00', '2015-11-29T20:21:42Z'],
  ['2015-11-29T22:21:42-0130', '2015-11-29T23:51:42Z'],
])('%s is a time', (text, expected) => {
  expect(wireTime(parseIsoTime(text) ?? -1)).toBe(expected)
})

test.each(['', 'yesterday', '2015-13-01', '2015-02-30', '2015-11-29T25:00', '22:04', '2015-11-29T22:21:42 00:00'])(
  '%j is not a time',
  (text) => {
    expect(parseIsoTime(text)).toBeUndefined()
  },
)
