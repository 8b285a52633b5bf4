import { expect, test } from 'vitest'
import { option } from './option.js'

const sized = {
  size: option.size('--x <size>', 'x'),
  rate: option.rate('--x <rate>', 'x'),
}

test.each([
  ['1', 1],
  ['1048576', 2 ** 20],
  ['500k', 500 * 2 ** 10],
  ['500K', 500 * 2 ** 10],
  ['10M', 10 * 2 ** 20],
  ['10MiB', 10 * 2 ** 20],
  ['10mib', 10 * 2 ** 20],
  ['1.5G', 1.5 * 2 ** 30],
  ['1T', 2 ** 40],
])('sizes and rates are written alike: %s', (text, bytes) => {
  for (const each of Object.values(sized)) expect(each.parse?.(text, undefined)).toBe(bytes)
})

test.each(['', 'x', '-1', '1e3', '0x10', '1,5G', '1GX', 'G', '1 G', '10MB', '12B', '99999999T'])(
  '%j is neither size nor rate',
  (text) => {
    for (const each of Object.values(sized))
      expect(() => each.parse?.(text, undefined)).toThrow(/^--x takes .* such as 500k, 10M or 1G/)
  },
)

test.each([
  ['GiB', '10', 10],
  ['GiB', '10G', 10],
  ['GiB', '1TiB', 1024],
  ['GiB', '0', 0],
  ['MiB', '512', 512],
  ['MiB', '512M', 512],
  ['MiB', '2G', 2048],
] as const)('what the service counts in %s takes a bare number or a size: %s', (unit, text, value) => {
  expect(option.sizeIn('--min <x>', unit, 'x').parse?.(text, undefined)).toBe(value)
})

test.each(['1.5', '-1', '500k', '2147483648', '3000000T', ''])('%j is no whole number of GiB', (text) => {
  expect(() => option.sizeIn('--min <x>', 'GiB', 'x').parse?.(text, undefined)).toThrow(
    /^--min takes a whole number of GiB/,
  )
})
