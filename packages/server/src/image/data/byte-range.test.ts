import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Refusal } from '../../refusal.js'
import { readRange } from './byte-range.js'

const range = (text: string, size: number) => readRange({ range: text, contentRange: undefined }, size)
const kindOf = (text: string, size: number): string => {
  try {
    range(text, size)
    return 'none'
  } catch (error) {
    return error instanceof Refusal ? error.kind : String(error)
  }
}

test.each([
  ['bytes=0-4', { start: 0, end: 4 }],
  ['bytes=3-', { start: 3, end: 9 }],
  ['bytes=-3', { start: 7, end: 9 }],
  ['bytes=-30', { start: 0, end: 9 }],
  ['bytes=5-99', { start: 5, end: 9 }],
])('%s of ten bytes', (text, expected) => {
  expect(range(text, 10)).toEqual(expected)
})

test('several ranges are refused, whatever they are', () => {
  expect(kindOf('bytes=0-1,3-4', 10)).toBe('invalid')
})

test.each(['bytes=10-', 'bytes=5-4', 'bytes=-', 'lines=0-4', ''])('%j of ten bytes cannot be satisfied', (text) => {
  expect(kindOf(text, 10)).toBe('unsatisfiable-range')
})

test('nothing can be taken from the start of an empty image', () => {
  expect(kindOf('bytes=0-', 0)).toBe('unsatisfiable-range')
})

test('Content-Range in a request is still read as a range', () => {
  const contentRange = (text: string) => readRange({ range: undefined, contentRange: text }, 10)
  expect(contentRange('bytes 1-4/10')).toEqual({ start: 1, end: 4 })
  expect(() => contentRange('bytes 1-40/*')).toThrow(Refusal)
  expect(readRange({ range: undefined, contentRange: undefined }, 10)).toBeUndefined()
})

test('a range lies within the image', () => {
  const bound = fc.oneof(fc.constant(''), fc.nat(200).map(String))
  fc.assert(
    fc.property(bound, bound, fc.integer({ min: 1, max: 100 }), (first, last, size) => {
      if (kindOf(`bytes=${first}-${last}`, size) !== 'none') return
      const part = range(`bytes=${first}-${last}`, size)
      expect(part?.start).toBeGreaterThanOrEqual(0)
      expect(part?.end).toBeLessThan(size)
      expect(part?.start).toBeLessThanOrEqual(part?.end ?? -1)
    }),
  )
})
