import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type StorageLimits, stockLimits } from './limits.js'
import {
  isOwnDynamicPrefix,
  isOwnSegment,
  parseSegmentName,
  planSegments,
  segmentFolder,
  segmentName,
  spanOfSegment,
  streamSegmentSize,
} from './segment-plan.js'

const someLimits = fc
  .record({
    maxObjectBytes: fc.integer({ min: 1, max: 6 * 1024 ** 3 }),
    maxSegments: fc.integer({ min: 1, max: 1000 }),
  })
  .map((own): StorageLimits => ({ ...stockLimits, ...own }))

test('segments cover all bytes once, in order, none empty, none too large, not too many', () => {
  fc.assert(
    fc.property(
      someLimits.chain((limits) =>
        fc.record({
          limits: fc.constant(limits),
          size: fc.integer({ min: 1, max: Math.min(limits.maxObjectBytes * limits.maxSegments, 2 ** 45) }),
          wanted: fc.integer({ min: 1, max: limits.maxObjectBytes }),
        }),
      ),
      ({ limits, size, wanted }) => {
        const plan = planSegments(size, wanted, limits)
        expect(plan.count).toBeLessThanOrEqual(limits.maxSegments)
        expect(plan.segmentSizeBytes).toBeLessThanOrEqual(limits.maxObjectBytes)
        expect(plan.segmentSizeBytes).toBeGreaterThanOrEqual(wanted)
        let at = 0
        for (let index = 0; index < plan.count; index += 1) {
          const { start, end } = spanOfSegment(index, plan, size)
          expect(start).toBe(at)
          expect(end).toBeGreaterThan(start)
          expect(end - start).toBe(index < plan.count - 1 ? plan.segmentSizeBytes : size - start)
          at = end
        }
        expect(at).toBe(size)
      },
    ),
  )
})

test('a wanted size that suffices is kept, and one that does not grows to whole MiB', () => {
  const GiB = 1024 ** 3
  expect(planSegments(10 * GiB, GiB, stockLimits)).toEqual({ segmentSizeBytes: GiB, count: 10 })
  expect(planSegments(1001 * GiB, GiB, stockLimits)).toEqual({ segmentSizeBytes: 1026 * 1024 ** 2, count: 1000 })
  expect(() => planSegments(5 * 1024 * GiB, GiB, stockLimits)).toThrow('more than the server takes')
})

test('the segments of a stream grow as they go on, never beyond what the server takes', () => {
  fc.assert(
    fc.property(someLimits, fc.integer({ min: 1, max: 2 ** 30 }), (limits, given) => {
      const wanted = Math.min(given, limits.maxObjectBytes)
      let last = wanted
      for (let index = 0; index < limits.maxSegments; index += 1) {
        const size = streamSegmentSize(index, wanted, limits)
        expect(size).toBeGreaterThanOrEqual(last)
        expect(size).toBeLessThanOrEqual(limits.maxObjectBytes)
        last = size
      }
    }),
  )
})

test('a segment is found again under its name, and belongs to that object alone', () => {
  const text = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
  const containers = text.map((name) => name.replaceAll('/', '-'))
  fc.assert(
    fc.property(
      fc.record({ container: containers, name: text, other: text, isOwn: fc.boolean(), index: fc.nat(999) }),
      fc.record({
        stamp: fc.constant('1.5'),
        sizeBytes: fc.option(fc.nat(), { nil: undefined }),
        segmentSizeBytes: fc.nat(),
      }),
      ({ container, name, other, isOwn, index }, series) => {
        const folder = segmentFolder(container, name, isOwn ? `${container}_segments` : 'shared')
        const segment = { container: folder.container, name: segmentName(folder, series, index) }
        expect(parseSegmentName(folder, segment.name)).toEqual({ series, index })
        expect(isOwnSegment({ container, name }, segment)).toBe(true)
        expect(isOwnSegment({ container, name: other }, segment)).toBe(other === name)
        expect(isOwnSegment({ container: `${container}x`, name }, segment)).toBe(false)
      },
    ),
  )
})

test.each([
  ['c_segments', 'o/1700000000.123/500/100/', true],
  ['c_segments', 'o/1700000000.123/500/100', false],
  ['c_segments', 'o/', false],
  ['c_segments', 'ox/1/500/100/', false],
  ['c', 'o/1/500/100/', false],
])('whether a dynamic object in c/o has its own segments in %s/%s: %s', (container, prefix, isOwn) => {
  expect(isOwnDynamicPrefix({ container: 'c', name: 'o' }, { container, prefix })).toBe(isOwn)
})
