import { expect, test } from 'vitest'
import { DiskImageError, inspect } from './index.js'
import { be32, be64, image, le64 } from './testing/build.js'

const MiB = 1024 * 1024

test('the end of an image of unknown length is not looked at', async () => {
  const bytes = new Uint8Array(100_000)
  const inspection = await inspect({ read: async (offset, length) => bytes.slice(offset, offset + length) })
  expect(inspection).toEqual({
    format: 'raw',
    diskFormat: 'raw',
    details: {},
    encrypted: false,
    safety: { safe: true, reasons: [], warnings: [] },
    glanceFormats: [],
  })
})

test('an image that is shorter than the head has a known length', async () => {
  const inspection = await inspect({ read: async () => new Uint8Array(10) })
  expect(inspection).toMatchObject({ sizeBytes: 10, virtualSizeBytes: 10 })
})

test('reads stay within the image and within 2 MiB, whatever it claims', async () => {
  const claims = [
    image(65_536, { 0: 'KDMV', 28: le64(1n), 36: le64(2n ** 64n - 1n), 56: le64(2n ** 64n - 1n) }),
    image(65_536, { 0: 'LUKS\xba\xbe\0\x02', 8: be64(2n ** 64n - 1n) }),
    image(65_536, { 0: 'QFI\xfb', 4: be32(3), 8: be64(2n ** 63n), 16: be32(0xffff_ffff), 100: be32(0xffff_ffff) }),
    image(65_536, { 0: 'vhdxfile' }),
    image(65_536, { 512: 'EFI PART', 584: le64(2n ** 62n), 592: le64(2n ** 64n - 1n) }),
  ]
  for (const head of claims) {
    const sizeBytes = 100 * 1024 * MiB
    let total = 0
    await inspect({
      sizeBytes,
      async read(offset, length) {
        total += length
        expect(Number.isSafeInteger(offset) && offset >= 0 && length > 0 && offset + length <= sizeBytes).toBe(true)
        return offset === 0 ? head : new Uint8Array(length).fill(0xff)
      },
    })
    expect(total).toBeLessThanOrEqual(2 * MiB)
  }
})

test('a reader that gives more than was asked for is cut', async () => {
  const bytes = image(200_000, { 66_000: 'x' })
  expect(await inspect({ sizeBytes: 1000, read: async () => bytes })).toMatchObject({ virtualSizeBytes: 1000 })
})

test('an error of the reader passes through unchanged', async () => {
  const error = new RangeError('the disk is gone')
  await expect(inspect({ read: () => Promise.reject(error) })).rejects.toBe(error)
})

test('a reader that gives no bytes, or has an impossible length, is refused', async () => {
  const text = 'text' as unknown as Uint8Array
  await expect(inspect({ read: async () => text })).rejects.toThrow(DiskImageError)
  for (const sizeBytes of [-1, 0.5, Number.NaN, 2 ** 60])
    await expect(inspect({ sizeBytes, read: async () => new Uint8Array(0) })).rejects.toThrow(DiskImageError)
})
