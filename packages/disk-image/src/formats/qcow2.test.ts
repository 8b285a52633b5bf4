import { expect, test } from 'vitest'
import { be32, be64, image } from '../testing/build.js'
import { inspectBytes } from '../testing/file-image.js'

const header = {
  0: 'QFI\xfb',
  4: be32(3),
  20: be32(16),
  24: be64(1n << 30n),
  100: be32(104),
}

test('a plain version 3 image is safe and tells its sizes and features', async () => {
  const inspection = await inspectBytes(image(70_000, { ...header, 72: be64(0b1001n), 80: be64(1n), 104: '\x01' }))
  expect(inspection).toMatchObject({
    format: 'qcow2',
    diskFormat: 'qcow2',
    virtualSizeBytes: 2 ** 30,
    encrypted: false,
    safety: { safe: true, reasons: [], warnings: [] },
  })
  expect(inspection.details).toMatchObject({
    version: 3,
    clusterSizeBytes: 65_536,
    features: ['dirty', 'compression-type'],
    compatibleFeatures: ['lazy-refcounts'],
    compression: 'zstd',
  })
})

test('a backing file is named and refused', async () => {
  const inspection = await inspectBytes(
    image(4096, { ...header, 8: be64(600n), 16: be32(11), 600: '/etc/passwd and what is not part of it' }),
  )
  expect(inspection.backingFile).toBe('/etc/passwd')
  expect(inspection.safety.reasons).toEqual(['the image has a backing file ("/etc/passwd")'])
})

test('a backing file whose name cannot be read is still refused', async () => {
  const inspection = await inspectBytes(image(4096, { ...header, 8: be64(2n ** 63n), 16: be32(0xffff_ffff) }))
  expect(inspection.safety.reasons).toEqual(['the image has a backing file'])
  expect(inspection.safety.warnings).toContain("the backing file's name claims to have 4294967295 bytes")
})

test('an external data file is named and refused', async () => {
  const extension = { 104: be32(0x44_41_54_41), 108: be32(8), 112: 'data.raw' }
  const inspection = await inspectBytes(image(4096, { ...header, 72: be64(4n), ...extension }))
  expect(inspection.dataFile).toBe('data.raw')
  expect(inspection.safety.reasons).toEqual(['the image keeps its data in an external file ("data.raw")'])
})

test('features that Glance does not know are refused by name', async () => {
  const inspection = await inspectBytes(image(4096, { ...header, 72: be64((1n << 4n) | (1n << 63n)) }))
  expect(inspection.safety.reasons).toEqual([
    'the image uses features Glance does not know: extended-l2, unknown bit 63',
  ])
})

test('a version from the future is refused', async () => {
  const inspection = await inspectBytes(image(4096, { ...header, 4: be32(4) }))
  expect(inspection.safety.reasons).toEqual(['qcow2 version 4 is not supported'])
})

test('version 2 has no feature bits, yet what lies in their place must not look like a data file', async () => {
  const fine = await inspectBytes(image(4096, { ...header, 4: be32(2), 72: be64(0xffff_ffff_ffff_fffbn) }))
  expect(fine.safety.safe).toBe(true)
  expect(fine.details).not.toHaveProperty('features')
  const refused = await inspectBytes(image(4096, { ...header, 4: be32(2), 72: be64(4n) }))
  expect(refused.safety.reasons).toEqual(['the bit of an external data file is set'])
})

test('a virtual size no number can hold is told as text', async () => {
  const inspection = await inspectBytes(image(4096, { ...header, 24: be64(2n ** 64n - 1n) }))
  expect(inspection).not.toHaveProperty('virtualSizeBytes')
  expect(inspection.details['virtualSize']).toBe('18446744073709551615')
})

test('an image that is shorter than its tables is warned about', async () => {
  const inspection = await inspectBytes(image(4096, { ...header, 36: be32(8), 40: be64(65_536n) }))
  expect(inspection.safety.warnings).toEqual(['the file ends at byte 4096, its headers promise at least 65600'])
})

test('header extensions that claim to be gigantic or never end are left alone', async () => {
  for (const length of [0xffff_ffff, 0]) {
    const extension = { 104: be32(0x44_41_54_41), 108: be32(length) }
    const inspection = await inspectBytes(image(70_000, { ...header, 72: be64(4n), ...extension }))
    expect(inspection.dataFile).toBe('')
    expect(inspection.safety.safe).toBe(false)
  }
})

test('names are stripped of what could fool a terminal', async () => {
  const name = '\x1b[2Jbase\x07\xe2\x80\xae.raw'
  const inspection = await inspectBytes(image(4096, { ...header, 8: be64(600n), 16: be32(name.length), 600: name }))
  expect(inspection.backingFile).toBe('[2Jbase.raw')
})

test('the first bytes alone are enough to be qcow2', async () => {
  const inspection = await inspectBytes(image(8, { 0: 'QFI\xfb', 4: be32(3) }))
  expect(inspection.format).toBe('qcow2')
  // Glance needs the whole first sector to recognise it.
  expect(inspection.glanceFormats).toEqual([])
})
