import { expect, test } from 'vitest'
import { detectFormat } from '../index.js'
import { image } from '../testing/build.js'
import { inspectBytes } from '../testing/file-image.js'

test('a tar archive tells its first entry', async () => {
  const inspection = await inspectBytes(image(1024, { 0: 'disk.raw', 257: 'ustar\0' }))
  expect(inspection).toMatchObject({ format: 'tar', details: { firstEntry: 'disk.raw', ova: false } })
})

test('one that begins with an OVF description is an OVA', async () => {
  const inspection = await inspectBytes(image(1024, { 0: 'machine.ovf', 257: 'ustar  \0' }))
  expect(inspection.details['ova']).toBe(true)
})

test('one of before POSIX is known by its checksum', () => {
  // 8 blanks for the checksum itself (256) and "a" (97) make 353, octal 541.
  expect(detectFormat(image(512, { 0: 'a', 148: '000541\0 ' }))).toBe('tar')
  expect(detectFormat(image(512, { 0: 'a', 148: '000542\0 ' }))).toBe('raw')
})
