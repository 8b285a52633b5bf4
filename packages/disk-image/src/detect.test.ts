import { expect, test } from 'vitest'
import { detectFormat, glanceDiskFormat, peekLength } from './index.js'
import { bootSector, image } from './testing/build.js'
import { seeds } from './testing/seeds.js'

test.each([
  ['tiny.qcow2', 'qcow2'],
  ['tiny-v2-compressed.qcow2', 'qcow2'],
  ['tiny-sparse.vmdk', 'vmdk'],
  ['tiny-stream.vmdk', 'vmdk'],
  ['tiny-dynamic.vhd', 'vhd'],
  ['tiny-fixed.vhd', 'gpt'],
  ['tiny.vhdx', 'vhdx'],
  ['tiny.vdi', 'vdi'],
  ['tiny.iso', 'iso'],
  ['tiny-gpt.raw', 'gpt'],
  ['tiny-mbr.raw', 'mbr'],
])('the first bytes of %s are %s', (name, format) => {
  expect(detectFormat(seeds.get(name)?.subarray(0, peekLength) ?? new Uint8Array(0))).toBe(format)
})

test('an ISO with a boot sector is an ISO', () => {
  expect(detectFormat(image(40_000, { 32_768: '\x01CD001', ...bootSector }))).toBe('iso')
})

test('nothing, and noise, are raw', () => {
  expect(detectFormat(new Uint8Array(0))).toBe('raw')
  expect(detectFormat(new Uint8Array(peekLength).fill(1))).toBe('raw')
})

test.each([
  ['qcow2', 'qcow2'],
  ['vmdk', 'vmdk'],
  ['vhd', 'vhd'],
  ['vhdx', 'vhdx'],
  ['vdi', 'vdi'],
  ['iso', 'iso'],
  ['ploop', 'ploop'],
  ['gpt', 'raw'],
  ['mbr', 'raw'],
  ['luks', 'raw'],
  ['raw', 'raw'],
  ['qcow', undefined],
  ['qed', undefined],
  ['gzip', undefined],
  ['xz', undefined],
  ['zstd', undefined],
  ['bzip2', undefined],
  ['zip', undefined],
  ['tar', undefined],
] as const)('the disk_format of %s is %s', (format, diskFormat) => {
  expect(glanceDiskFormat(format)).toBe(diskFormat)
})
