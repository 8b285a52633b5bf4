import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { path } from './path.js'

test('any value stays one segment that decodes to itself', () => {
  const value = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text !== '.' && text !== '..')
  fc.assert(
    fc.property(value, (text) => {
      const url = new URL(`http://h/v2${path`/images/${text}/file`}`)
      const segments = url.pathname.split('/')
      expect(segments).toHaveLength(5)
      expect(decodeURIComponent(segments[3] ?? '')).toBe(text)
      expect(url.search + url.hash).toBe('')
    }),
  )
})

test.each(['', '.', '..'])('%j cannot be a segment', (value) => {
  expect(() => path`/images/${value}`).toThrow(/cannot be part of a path/)
})
