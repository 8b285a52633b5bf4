import { expect, test } from 'vitest'
import { be32, be64, image } from '../testing/build.js'
import { inspectBytes, streamBytes } from '../testing/file-image.js'

const one = {
  0: 'LUKS\xba\xbe\0\x01',
  8: 'aes',
  40: 'xts-plain64',
  72: 'sha256',
  104: be32(8),
  108: be32(64),
  168: '0e0c1ad0-6a8f-4b3e-9f3a-27a7a1c1b8b2',
  208: be32(0x00_ac_71_f3),
  256: be32(0x0000_dead),
}

test('LUKS 1 is an encrypted raw disk as long as its payload', async () => {
  const inspection = await inspectBytes(image(10_000, one))
  expect(inspection).toMatchObject({
    format: 'luks',
    diskFormat: 'raw',
    encrypted: true,
    virtualSizeBytes: 10_000 - 8 * 512,
    details: { version: 1, cipher: 'aes-xts-plain64', hash: 'sha256', keyBytes: 64, keySlots: 1 },
    safety: { safe: true, warnings: [] },
  })
})

const two = (json: string, size = 16_384n) =>
  image(40_000, { 0: 'LUKS\xba\xbe\0\x02', 8: be64(size), 24: 'a label', 4096: json })

const segments = (offset: string, size: string) =>
  JSON.stringify({ segments: { 0: { type: 'crypt', offset, size, encryption: 'aes-xts-plain64' } } })

test('LUKS 2 tells its label and cipher, and is refused as Glance knows version 1 only', async () => {
  const bytes = two(segments('16384', 'dynamic'))
  for (const inspection of [await inspectBytes(bytes), streamBytes(bytes, 5000)])
    expect(inspection).toMatchObject({
      encrypted: true,
      virtualSizeBytes: 40_000 - 16_384,
      details: { version: 2, label: 'a label', cipher: 'aes-xts-plain64', payloadOffsetBytes: 16_384 },
      safety: { reasons: ['LUKS version 2 is not supported'], warnings: [] },
    })
})

test('a LUKS 2 segment of a stated size has that size', async () => {
  expect((await inspectBytes(two(segments('16384', '8192')))).virtualSizeBytes).toBe(8192)
})

test.each([
  ['nothing', ''],
  ['half of its JSON', segments('1', '2').slice(0, 20)],
  ['something that nests without end', '['.repeat(30_000)],
  ['a list', '[]'],
  ['no segment', '{"segments":{}}'],
  ['an offset that is no number', segments('-1', 'dynamic')],
  ['an offset too long to be one', segments('9'.repeat(5000), 'dynamic')],
])('LUKS 2 metadata with %s is said to be unreadable', async (_what, json) => {
  const inspection = await inspectBytes(two(json, 2n ** 64n - 1n))
  expect(inspection.safety.warnings).toEqual(['the LUKS 2 metadata cannot be read'])
  expect(inspection).not.toHaveProperty('virtualSizeBytes')
})

test('another version is refused', async () => {
  const inspection = await inspectBytes(image(1000, { 0: 'LUKS\xba\xbe\0\x09' }))
  expect(inspection.safety.reasons).toEqual(['LUKS version 9 is not supported'])
})
