import { expect, test } from 'vitest'
import { bootSector, image, le16, le32 } from '../testing/build.js'
import { inspectBytes } from '../testing/file-image.js'

const primary = { 32_768: '\x01CD001\x01', 32_808: 'CIDATA  ', 32_848: le32(20), 32_896: le16(2048) }

test('an ISO 9660 disc tells its volume', async () => {
  expect(await inspectBytes(image(40_960, primary))).toMatchObject({
    format: 'iso',
    diskFormat: 'iso',
    virtualSizeBytes: 40_960,
    details: { subformat: 'iso9660', volumeId: 'CIDATA', bootable: false, hybrid: false },
    safety: { safe: true, warnings: [] },
  })
})

test('a boot catalogue and UDF beside it are told', async () => {
  const more = { 34_816: '\0CD001\x01EL TORITO SPECIFICATION', 36_864: '\0BEA01', 38_912: '\0NSR02' }
  const inspection = await inspectBytes(image(40_960, { ...primary, ...more }))
  expect(inspection.details).toMatchObject({ subformat: 'iso9660+udf', bootable: true })
})

test('a disc that is UDF alone is one, though Glance takes it for raw', async () => {
  const inspection = await inspectBytes(image(100_000, { 32_768: '\0BEA01', 34_816: '\0NSR03', 36_864: '\0TEA01' }))
  expect(inspection).toMatchObject({ format: 'iso', virtualSizeBytes: 100_000, details: { subformat: 'udf' } })
  expect(inspection.glanceFormats).toEqual([])
})

test('a hybrid disc is an ISO and a disk, and safe', async () => {
  const inspection = await inspectBytes(image(40_960, { ...primary, ...bootSector }))
  expect(inspection).toMatchObject({ format: 'iso', details: { hybrid: true }, safety: { safe: true } })
  expect([...inspection.glanceFormats].sort()).toEqual(['gpt', 'iso'])
})

test('a disc that is cut short is warned about', async () => {
  const inspection = await inspectBytes(image(36_000, primary))
  expect(inspection.safety.warnings).toEqual(['the file ends at byte 36000, its headers promise at least 40960'])
})
