import { expect, test } from 'vitest'
import { givenTimeouts, transferOptions } from './options.js'

test.each([
  ['1', 1],
  ['500k', 500 * 1024],
  ['10M', 10 * 2 ** 20],
  ['1.5G', 1.5 * 2 ** 30],
  ['1MiB', 2 ** 20],
])('--limit-rate %s is %d bytes per second', (text, bytes) => {
  expect(transferOptions.limitRate.parse?.(text, undefined)).toBe(bytes)
})

test.each(['0', '-1', '', 'fast', '1 M', '1MB', 'ib', '1iB'])('--limit-rate %j is refused by name', (text) => {
  expect(() => transferOptions.limitRate.parse?.(text, undefined)).toThrow('--limit-rate')
})

test('only limits that were given are passed on', () => {
  expect(givenTimeouts({ idleTimeout: 5000 } as Parameters<typeof givenTimeouts>[0])).toEqual({ idleTimeoutMs: 5000 })
  expect(givenTimeouts({} as Parameters<typeof givenTimeouts>[0])).toEqual({})
})
