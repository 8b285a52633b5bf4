import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { inspectBytes } from '../testing/file-image.js'
import { image } from '../testing/build.js'

test('a gzip stream is recognised and has no disk_format', async () => {
  const inspection = await inspectBytes(new Uint8Array(gzipSync('content')))
  expect(inspection.format).toBe('gzip')
  expect(inspection).not.toHaveProperty('diskFormat')
  expect(inspection).not.toHaveProperty('virtualSizeBytes')
})

test('the name it was made from is told', async () => {
  const inspection = await inspectBytes(image(100, { 0: '\x1f\x8b\x08\x08', 10: 'disk.raw\0more' }))
  expect(inspection.details).toEqual({ originalName: 'disk.raw' })
})

test('bytes in it that look like a boot sector are refused, as Glance does', async () => {
  const inspection = await inspectBytes(image(1000, { 0: '\x1f\x8b\x08', 510: '\x55\xaa' }))
  expect(inspection).toMatchObject({ format: 'gzip', glanceFormats: ['gpt'] })
  expect(inspection.safety.reasons).toEqual(['the boot sector defines no partition'])
})
