import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { contradicts, detectFormat, glanceVerdict, inspect, peekLength } from './index.js'
import type { Inspection } from './index.js'
import { inspectBytes, streamBytes } from './testing/file-image.js'
import { hostile } from './testing/hostile.js'

const MiB = 1024 * 1024

function isTruthful(inspection: Inspection): boolean {
  const numbers = [inspection.virtualSizeBytes ?? 0, ...Object.values(inspection.details)]
  return numbers.every((value) => typeof value !== 'number' || (Number.isSafeInteger(value) && value >= 0))
}

test('whatever the bytes: an answer, the same by ranges and in one pass, with numbers that are exact', async () => {
  await fc.assert(
    fc.asyncProperty(hostile, fc.integer({ min: 1, max: 200_000 }), async (bytes, chunkLength) => {
      const inspection = await inspectBytes(bytes)
      expect(isTruthful(inspection)).toBe(true)
      expect(inspection.safety.safe).toBe(inspection.safety.reasons.length === 0)
      const length = bytes.length > 100_000 ? Math.max(chunkLength, 1000) : chunkLength
      const streamed = streamBytes(bytes, length)
      // A stream cannot go back to an earlier offset that a header points to; everything else is the same.
      expect(streamed.format).toBe(inspection.format)
      expect(streamed.glanceFormats).toEqual(inspection.glanceFormats)
      expect(() => glanceVerdict('raw', inspection)).not.toThrow()
    }),
    { numRuns: 400 },
  )
})

test('whatever the first bytes: detection answers, and never questions a format it does not know', () => {
  fc.assert(
    fc.property(hostile, fc.constantFrom('raw', 'qcow2', 'vhd', 'iso', 'aki'), (bytes, declared) => {
      const head = bytes.subarray(0, peekLength)
      const format = detectFormat(head)
      const contradiction = contradicts(declared, head)
      expect([undefined, format]).toContain(contradiction)
      expect(contradicts('an-operators-own', head)).toBeUndefined()
    }),
    { numRuns: 400 },
  )
})

test('whatever a reader answers: at most 2 MiB are read, inside the image', async () => {
  await fc.assert(
    fc.asyncProperty(hostile, fc.maxSafeNat(), fc.nat(255), async (bytes, sizeBytes, filler) => {
      let total = 0
      await inspect({
        sizeBytes,
        async read(offset, length) {
          total += length
          expect(offset >= 0 && length > 0 && offset + length <= sizeBytes).toBe(true)
          const part = bytes.slice(offset, offset + length)
          return part.length > 0 ? part : new Uint8Array(length).fill(filler)
        },
      })
      expect(total).toBeLessThanOrEqual(2 * MiB)
    }),
    { numRuns: 300 },
  )
})
