import { expect, test } from 'vitest'
import { textHash } from './cache-key.js'

test('a change of one character, of the order or of the seed is another hash', () => {
  const texts = ['', '\0', 'a', 'b', 'ab', 'ba', 'aab', 'ab\0', 'ä', 'a\u0308', '\u{1F600}'.repeat(2), 'x'.repeat(1000)]
  const hashes = [0, 1, 2].flatMap((seed) => texts.map((text) => textHash(text, seed)))
  expect(new Set(hashes).size).toBe(hashes.length)
  for (const hash of hashes) expect(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32).toBe(true)
})

test('similar texts are spread over all values of the last 16 bits', () => {
  const seen = new Set(Array.from({ length: 65_536 }, (_, index) => textHash(`secret${index}`) & 0xffff))
  // Random hashing is expected to hit 63 % of the values.
  expect(seen.size).toBeGreaterThan(65_536 * 0.62)
  expect(seen.size).toBeLessThan(65_536 * 0.64)
})
