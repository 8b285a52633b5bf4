import { expect, test } from 'vitest'
import { detectFormat } from '../index.js'
import { image, le16 } from '../testing/build.js'
import { inspectBytes } from '../testing/file-image.js'

test('a zip archive tells its first entry', async () => {
  const inspection = await inspectBytes(image(100, { 0: 'PK\x03\x04', 26: le16(8), 30: 'disk.imgand more' }))
  expect(inspection).toMatchObject({ format: 'zip', details: { firstEntry: 'disk.img' } })
})

test('an empty archive is recognised', () => {
  expect(detectFormat(image(22, { 0: 'PK\x05\x06' }))).toBe('zip')
})
