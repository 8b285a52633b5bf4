import { expect, test } from 'vitest'
import { be32, be64, image } from '../testing/build.js'
import { inspectBytes, streamBytes } from '../testing/file-image.js'
import { seed } from '../testing/seeds.js'

const footer = (type: number, creator = 'win ') => ({
  0: 'conectix',
  16: be64(512n),
  28: creator,
  40: be64(1_000_000n),
  48: be64(2_000_896n),
  // 100 cylinders, 4 heads, 17 sectors
  56: '\0\x64\x04\x11',
  60: be32(type),
})

test('a dynamic disk tells its size and block size', async () => {
  const inspection = await inspectBytes(image(2048, { ...footer(3), 512: 'cxsparse', 544: be32(2_097_152) }))
  expect(inspection).toMatchObject({
    format: 'vhd',
    virtualSizeBytes: 2_000_896,
    details: { subformat: 'dynamic', creator: 'win', originalSizeBytes: 1_000_000, blockSizeBytes: 2_097_152 },
    safety: { safe: true, warnings: [] },
  })
})

test('the geometry is the size for writers that go by it', async () => {
  const inspection = await inspectBytes(image(2048, { ...footer(3, 'vpc '), 512: 'cxsparse' }))
  expect(inspection.virtualSizeBytes).toBe(100 * 4 * 17 * 512)
})

test('a differencing disk names its parent', async () => {
  const inspection = await inspectBytes(image(2048, { ...footer(4), 512: 'cxsparse', 576: '\0b\0a\0s\0e\0.\0v\0h\0d' }))
  expect(inspection.backingFile).toBe('base.vhd')
  expect(inspection.safety.warnings).toEqual(['the image is a difference to a parent ("base.vhd")'])
})

test('a fixed disk is known by its last sector, whatever its content', async () => {
  const bytes = seed('tiny-fixed.vhd')
  for (const inspection of [await inspectBytes(bytes), streamBytes(bytes, 999)])
    expect(inspection).toMatchObject({
      format: 'vhd',
      diskFormat: 'vhd',
      virtualSizeBytes: 524_288,
      details: { subformat: 'fixed', checksumValid: true, partitions: 1 },
    })
  const blank = image(4096 + 512, {})
  blank.set(image(512, footer(2)), 4096)
  expect((await inspectBytes(blank)).format).toBe('vhd')
})

test('a footer of 511 bytes, as old versions wrote it, is found', async () => {
  const bytes = image(4096 + 511, {})
  bytes.set(image(511, footer(2)), 4096)
  expect((await inspectBytes(bytes)).format).toBe('vhd')
  expect(streamBytes(bytes, 512).format).toBe('vhd')
})

test('a header that is not where the footer says is warned about', async () => {
  const inspection = await inspectBytes(image(2048, { ...footer(3), 16: be64(2n ** 64n - 1n) }))
  expect(inspection.safety.warnings).toContain('the dynamic disk header is not where the footer says')
})

test('a first sector that is cut off is refused', async () => {
  expect((await inspectBytes(image(300, footer(3)))).safety.reasons).toEqual(['the VHD ends within its first sector'])
})
