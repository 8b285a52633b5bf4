import { expect, test } from 'vitest'
import { image } from '../testing/build.js'
import { inspectBytes } from '../testing/file-image.js'

test.each([
  ['\x04', 'crc64'],
  ['\x0a', 'sha256'],
  ['\x0f', 'unknown check 15'],
])('an xz stream is recognised and tells its check (%j)', async (flag, check) => {
  const inspection = await inspectBytes(image(32, { 0: '\xfd7zXZ\0\0', 7: flag }))
  expect(inspection).toMatchObject({ format: 'xz', details: { check } })
})
