import { expect, test } from 'vitest'
import { image, le16, le32, le64 } from '../testing/build.js'
import { inspectBytes } from '../testing/file-image.js'

const magic = '\x28\xb5\x2f\xfd'

test.each([
  ['one byte', { 4: '\x20', 5: '\x07' }, 7],
  ['two bytes', { 4: '\x60', 5: le16(44) }, 300],
  ['four bytes, after a window', { 4: '\x80', 6: le32(70_000) }, 70_000],
  ['eight bytes, after a dictionary', { 4: '\xe1', 6: le64(2n ** 40n) }, 2 ** 40],
  ['eight bytes beyond what a number holds', { 4: '\xe0', 5: le64(2n ** 64n - 1n) }, '18446744073709551615'],
])('the content size in %s is told', async (_what, header, contentSizeBytes) => {
  const inspection = await inspectBytes(image(32, { 0: magic, ...header }))
  expect(inspection).toMatchObject({ format: 'zstd', details: { contentSizeBytes, checksum: false } })
})

test('a frame that does not tell its content size has none', async () => {
  const inspection = await inspectBytes(image(32, { 0: magic, 4: '\x04' }))
  expect(inspection.details).toEqual({ checksum: true })
})
