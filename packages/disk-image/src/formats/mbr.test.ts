import { expect, test } from 'vitest'
import { bootSector, image } from '../testing/build.js'
import { inspectBytes } from '../testing/file-image.js'

test('a partition table makes a plain disk', async () => {
  expect(await inspectBytes(image(3_000_000, bootSector))).toMatchObject({
    format: 'mbr',
    diskFormat: 'raw',
    virtualSizeBytes: 3_000_000,
    details: { partitions: 1, partitionTypes: ['0x83'] },
    safety: { safe: true, warnings: [] },
    glanceFormats: ['gpt'],
  })
})

test('a boot sector that defines no partition is refused, as Glance does', async () => {
  const inspection = await inspectBytes(image(4096, { 510: '\x55\xaa' }))
  expect(inspection.safety.reasons).toEqual(['the boot sector defines no partition'])
})

test('a boot flag that is none is refused', async () => {
  const inspection = await inspectBytes(image(3_000_000, { ...bootSector, 446: '\x7f\0\x01\0\x83\0\x01\0' }))
  expect(inspection.safety.reasons).toEqual(['MBR partition 1 has the invalid boot flag 0x7f'])
})

test('a disk that ends before its last partition is warned about', async () => {
  const inspection = await inspectBytes(image(4096, bootSector))
  expect(inspection.safety.warnings).toEqual(['the file ends at byte 4096, its headers promise at least 2097152'])
})

test('the first sector of a FAT file system is no partition table', async () => {
  const inspection = await inspectBytes(image(4096, { 0x10: '\x02', 0x15: '\xf8', 510: '\x55\xaa' }))
  expect(inspection).toMatchObject({ format: 'raw', safety: { safe: true }, glanceFormats: [] })
})
