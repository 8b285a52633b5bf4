import { expect, test } from 'vitest'
import { detectFormat } from '../index.js'
import { image } from '../testing/build.js'
import { inspectBytes } from '../testing/file-image.js'

test('a bzip2 stream is recognised with its level', async () => {
  const inspection = await inspectBytes(image(32, { 0: 'BZh91AY&SY' }))
  expect(inspection).toMatchObject({ format: 'bzip2', details: { level: 9 } })
})

test('one that holds nothing is recognised', () => {
  expect(detectFormat(image(14, { 0: 'BZh9\x17\x72\x45\x38\x50\x90' }))).toBe('bzip2')
})

test('text that only begins like one is not', () => {
  expect(detectFormat(image(32, { 0: 'BZh0 and so on' }))).toBe('raw')
  expect(detectFormat(image(32, { 0: 'BZh9 and so on' }))).toBe('raw')
})
