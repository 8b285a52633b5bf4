import { expect, test } from 'vitest'
import { guidBytes, image, le16, le32, le64, utf16le } from '../testing/build.js'
import { inspectBytes, streamBytes } from '../testing/file-image.js'
import { seed } from '../testing/seeds.js'

const KiB = 1024
const metadataAt = 256 * KiB

/** An image whose metadata table has these items: GUID to value. */
function vhdx(items: readonly (readonly [string, Uint8Array])[], more: Parameters<typeof image>[1] = {}): Uint8Array {
  const pieces: Record<number, string | Uint8Array> = {
    0: 'vhdxfile',
    8: utf16le('a test'),
    [64 * KiB]: 'head',
    [192 * KiB]: 'regi',
    [192 * KiB + 8]: le32(1),
    [192 * KiB + 16]: guidBytes('8b7ca206-4790-4b9a-b8fe-575f050f886e'),
    [192 * KiB + 32]: le64(BigInt(metadataAt)),
    [metadataAt]: 'metadata',
    [metadataAt + 10]: le16(items.length),
  }
  for (const [index, [id, value]] of items.entries()) {
    const entry = metadataAt + 32 + index * 32
    const offset = 64 * KiB + index * 4 * KiB
    Object.assign(pieces, {
      [entry]: guidBytes(id),
      [entry + 16]: le32(offset),
      [entry + 20]: le32(value.length),
      [metadataAt + offset]: value,
    })
  }
  return image(512 * KiB, { ...pieces, ...more })
}

const size = ['2fa54224-cd1b-4876-b211-5dbed83bf4b8', le64(1n << 40n)] as const
const parameters = (flags: number) =>
  ['caa16737-fa36-4d43-b3b6-33f0aa44e76b', image(8, { 0: le32(1_048_576), 4: le32(flags) })] as const

test('the size and block size are found through the tables', async () => {
  const bytes = vhdx([parameters(1), size])
  for (const inspection of [await inspectBytes(bytes), streamBytes(bytes, 777)])
    expect(inspection).toMatchObject({
      format: 'vhdx',
      virtualSizeBytes: 2 ** 40,
      details: { creator: 'a test', subformat: 'fixed', blockSizeBytes: 1_048_576 },
      safety: { safe: true, warnings: [] },
    })
})

test('a difference to a parent names it', async () => {
  const key = utf16le('relative_path')
  const value = utf16le('.\\base.vhdx')
  const locator = image(200, {
    18: le16(1),
    20: le32(40),
    24: le32(100),
    28: le16(key.length),
    30: le16(value.length),
    40: key,
    100: value,
  })
  const inspection = await inspectBytes(vhdx([size, parameters(2), ['a8d35f2d-b30b-454d-abf7-d3d84834ab0c', locator]]))
  expect(inspection.backingFile).toBe('.\\base.vhdx')
  expect(inspection.details['subformat']).toBe('differencing')
  expect(inspection.safety.warnings).toEqual([String.raw`the image is a difference to a parent (".\\base.vhdx")`])
})

test('a log that waits to be replayed is warned about', async () => {
  const inspection = await inspectBytes(vhdx([size], { [64 * KiB + 48]: 'a log GUID' }))
  expect(inspection.safety.warnings).toEqual(['the image was not closed: its log has to be replayed'])
})

test('an image cut before or within its tables is refused', async () => {
  const bytes = seed('tiny.vhdx')
  for (const length of [1000, 200_000, 300_000, 2_100_000])
    expect((await inspectBytes(bytes.subarray(0, length))).safety.safe).toBe(false)
})

test('tables that point at themselves or far beyond the end do not mislead', async () => {
  for (const offset of [0n, BigInt(192 * KiB), 2n ** 64n - 1n]) {
    const bytes = vhdx([size], { [192 * KiB + 32]: le64(offset) })
    for (const inspection of [await inspectBytes(bytes), streamBytes(bytes, 4096)]) {
      expect(inspection).not.toHaveProperty('virtualSizeBytes')
      expect(inspection.safety.reasons).toEqual(['the virtual size of the VHDX cannot be read'])
    }
  }
})

test('counts of entries beyond what fits are cut', async () => {
  const bytes = vhdx([parameters(0), size], { [192 * KiB + 8]: le32(0xffff_ffff), [metadataAt + 10]: le16(0xffff) })
  expect((await inspectBytes(bytes)).virtualSizeBytes).toBe(2 ** 40)
})
