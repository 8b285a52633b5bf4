import { expect, test } from 'vitest'
import { image, le32, le64 } from '../testing/build.js'
import { inspectBytes } from '../testing/file-image.js'

const header = { 16: le32(2), 28: le32(2048), 36: le64((1n << 32n) + 2048n), 44: le32(0x74_6f_6e_59) }

test('the extended variant counts its sectors in 64 bits', async () => {
  const inspection = await inspectBytes(image(64, { 0: 'WithouFreSpacExt', ...header }))
  expect(inspection).toMatchObject({
    format: 'ploop',
    diskFormat: 'ploop',
    virtualSizeBytes: (2 ** 32 + 2048) * 512,
    details: { version: 2, clusterSizeBytes: 1_048_576, inUse: true },
  })
})

test('the first variant counts its sectors in 32 bits', async () => {
  const inspection = await inspectBytes(image(64, { 0: 'WithoutFreeSpace', ...header }))
  expect(inspection.virtualSizeBytes).toBe(1_048_576)
})
