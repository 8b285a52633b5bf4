import { expect, test } from 'vitest'
import { be32, be64, image } from './testing/build.js'
import { inspectBytes, streamBytes } from './testing/file-image.js'
import { seed } from './testing/seeds.js'

const cluster = 512

/** A qcow2 of clusters of 512 bytes: header, refcount table and block, L1 table, L2 table, data. */
function qcow2(entry: bigint, length = 6 * cluster, more: Parameters<typeof image>[1] = {}): Uint8Array {
  return image(6 * cluster, {
    0: 'QFI\xfb',
    4: be32(3),
    20: be32(9),
    24: be64(32_768n),
    36: be32(1),
    40: be64(BigInt(3 * cluster)),
    48: be64(BigInt(cluster)),
    56: be32(1),
    96: be32(4),
    100: be32(104),
    [cluster]: be64(BigInt(2 * cluster)),
    [3 * cluster]: be64(0x8000_0000_0000_0000n + BigInt(4 * cluster)),
    [4 * cluster]: be64(entry),
    ...more,
  }).subarray(0, length)
}

const copied = 0x8000_0000_0000_0000n
const compressed = 0x4000_0000_0000_0000n

test.each<[string, Uint8Array, boolean | undefined]>([
  ['data where the file has it', qcow2(copied + 2560n), undefined],
  ['data of which the file has the first byte', qcow2(copied + 2560n, 2561), undefined],
  ['data that begins where the file ends', qcow2(copied + 2560n, 2560), true],
  ['data far behind the end', qcow2(copied + (1n << 50n)), true],
  ['zeros with a place behind the end', qcow2(copied + (1n << 40n) + 1n), undefined],
  ['compressed data where the file has it', qcow2(compressed + 3000n), undefined],
  ['compressed data behind the end', qcow2(compressed + 3072n), true],
  ['an L2 table behind the end', qcow2(0n, 6 * cluster, { 1536: be64(copied + 3072n) }), true],
  ['an L1 table that is cut', qcow2(0n, 1540), true],
  ['a refcount block behind the end', qcow2(0n, 6 * cluster, { 512: be64(4096n) }), true],
  ['a count of a cluster behind the end', qcow2(0n, 6 * cluster, { 1044: '\0\x01' }), false],
  ['snapshots behind the end', qcow2(0n, 6 * cluster, { 60: be32(1), 64: be64(1n << 30n) }), true],
  ['data in another file', qcow2(copied + (1n << 50n), 6 * cluster, { 72: be64(4n) }), undefined],
])('a qcow2 that names %s', async (_what, bytes, isSure) => {
  expect((await inspectBytes(bytes)).truncated?.isSure).toBe(isSure)
  expect(streamBytes(bytes, 100).truncated?.isSure).toBe(isSure)
})

test.each([
  ['tiny.qcow2', 0.5],
  ['tiny-v2-compressed.qcow2', 0.5],
  ['tiny-sparse.vmdk', 0.5],
  ['tiny-stream.vmdk', 0.5],
  // Cut within its last grain, which only padding follows.
  ['tiny-stream.vmdk', 0.542],
  ['tiny-dynamic.vhd', 0.5],
  ['tiny.vhdx', 0.5],
  ['tiny.vdi', 0.5],
  ['tiny.iso', 0.5],
])('%s, of which %d is there, is not whole', async (name, share) => {
  const bytes = seed(name)
  expect((await inspectBytes(bytes)).truncated).toBeUndefined()
  expect(streamBytes(bytes).truncated).toBeUndefined()
  const cut = bytes.subarray(0, Math.floor(bytes.length * share))
  expect((await inspectBytes(cut)).truncated?.isSure).toBe(true)
  expect(streamBytes(cut, 10_000).truncated?.isSure).toBe(true)
})

test('the last cluster alone may be missing from what is there', async () => {
  const { truncated } = await inspectBytes(qcow2(copied + 2560n, 2560))
  expect(truncated?.message).toBe('the file ends at byte 2560, and an L2 table names data at byte 2560')
})

test('tables of any size are read within the bound', async () => {
  const { inspect } = await import('./index.js')
  for (const bits of [9, 16, 21]) {
    const head = image(65_536, {
      0: 'QFI\xfb',
      4: be32(3),
      20: be32(bits),
      36: be32(0xffff_ffff),
      40: be64(65_536n),
      48: be64(1n << 40n),
      56: be32(0xffff_ffff),
      100: be32(104),
    })
    let total = 0
    let reads = 0
    await inspect({
      sizeBytes: 2 ** 50,
      async read(offset, length) {
        total += length
        reads += 1
        if (offset === 0) return head
        // Every entry refers to a different offset.
        return Uint8Array.from({ length }, (_, at) => (at % 8 < 2 ? 0 : ((offset + at) * 2_654_435_761) >>> 13))
      },
    })
    expect(total).toBeLessThanOrEqual(2 * 1024 * 1024)
    expect(reads).toBeLessThanOrEqual(257)
  }
})
