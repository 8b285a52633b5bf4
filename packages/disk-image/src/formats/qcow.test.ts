import { expect, test } from 'vitest'
import { be32, be64, image } from '../testing/build.js'
import { inspectBytes } from '../testing/file-image.js'

test('qcow version 1 is recognised, has no disk_format and is refused', async () => {
  const header = { 0: 'QFI\xfb\0\0\0\x01', 8: be64(100n), 16: be32(8), 24: be64(1_048_576n), 32: '\x0c', 36: be32(1) }
  const inspection = await inspectBytes(image(1024, { ...header, 100: 'base.raw' }))
  expect(inspection).toMatchObject({
    format: 'qcow',
    virtualSizeBytes: 1_048_576,
    backingFile: 'base.raw',
    encrypted: true,
    details: { version: 1, clusterSizeBytes: 4096, encryption: 'aes' },
    glanceFormats: ['qcow2'],
  })
  expect(inspection).not.toHaveProperty('diskFormat')
  expect(inspection.safety.reasons).toEqual([
    'qcow version 1 is not supported',
    'the image has a backing file ("base.raw")',
  ])
})

test('an impossible cluster size is left out', async () => {
  const inspection = await inspectBytes(image(1024, { 0: 'QFI\xfb\0\0\0\x01', 32: '\xff' }))
  expect(inspection.details).toEqual({ version: 1 })
})
