import { expect, test } from 'vitest'
import { inspectBytes, streamBytes } from '../testing/file-image.js'

test('bytes without a structure are a raw disk of their own length', async () => {
  const bytes = new Uint8Array(70_001).fill(7)
  for (const inspection of [await inspectBytes(bytes), streamBytes(bytes, 100)])
    expect(inspection).toEqual({
      format: 'raw',
      virtualSizeBytes: 70_001,
      sizeBytes: 70_001,
      diskFormat: 'raw',
      details: {},
      encrypted: false,
      safety: { safe: true, reasons: [], warnings: [] },
      glanceFormats: [],
    })
})

test('nothing at all is raw', async () => {
  expect(await inspectBytes(new Uint8Array(0))).toMatchObject({ format: 'raw', virtualSizeBytes: 0 })
})
