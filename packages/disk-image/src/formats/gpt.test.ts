import { expect, test } from 'vitest'
import { guidBytes, image, le32, le64 } from '../testing/build.js'
import { inspectBytes } from '../testing/file-image.js'
import { seed } from '../testing/seeds.js'

const protective = { 446: '\0\0\x02\0\xee\xff\xff\xff', 454: le32(1), 458: le32(0xffff_ffff), 510: '\x55\xaa' }

const table = (sector: number) => ({
  [sector]: 'EFI PART',
  [sector + 32]: le64(7n),
  [sector + 56]: guidBytes('7a3c9f10-5d1e-4b6a-9c0f-2f6f0d9b5a01'),
  [sector + 72]: le64(2n),
  [sector + 80]: le32(128),
  [sector + 84]: le32(128),
  [sector * 2]: 'a partition type',
})

test.each([512, 4096])('a table on sectors of %d bytes is read', async (sector) => {
  expect(await inspectBytes(image(sector * 8, { ...protective, ...table(sector) }))).toMatchObject({
    format: 'gpt',
    diskFormat: 'raw',
    virtualSizeBytes: sector * 8,
    details: { sectorSizeBytes: sector, partitions: 1, diskGuid: '7a3c9f10-5d1e-4b6a-9c0f-2f6f0d9b5a01' },
    safety: { safe: true, warnings: [] },
  })
})

test('a disk made by sgdisk is safe', async () => {
  expect(await inspectBytes(seed('tiny-gpt.raw'))).toMatchObject({
    format: 'gpt',
    safety: { safe: true, warnings: [] },
  })
})

test('what is wrong with the protective MBR is refused', async () => {
  const wrongs: readonly (readonly [Parameters<typeof image>[1], string])[] = [
    [{ 446: '\x01\0\x02\0\xee' }, 'MBR partition 1 has the invalid boot flag 0x1'],
    [{ 448: '\x05' }, 'the protective MBR of the GPT does not start at CHS 0/0/2'],
    [{ 454: le32(2) }, 'the protective MBR of the GPT does not start at LBA 1'],
    [{ 466: '\x83' }, 'the protective MBR of the GPT defines partitions besides the protective one'],
  ]
  for (const [wrong, reason] of wrongs) {
    const inspection = await inspectBytes(image(4096, { ...protective, ...table(512), ...wrong }))
    expect(inspection.safety.reasons).toEqual([reason])
  }
})

test('a protective MBR without a table behind it is warned about', async () => {
  const inspection = await inspectBytes(image(4096, protective))
  expect(inspection).toMatchObject({ format: 'gpt', safety: { safe: true } })
  expect(inspection.safety.warnings).toEqual(['a protective MBR, but no GPT header where one must be'])
})

test('entries that claim to be gigantic are not read', async () => {
  const inspection = await inspectBytes(image(4096, { ...protective, ...table(512), 596: le32(0xffff_ffff) }))
  expect(inspection.safety.warnings).toEqual(['the GPT header claims partition entries of 4294967295 bytes'])
})

test('a disk that was cut before its backup table is warned about', async () => {
  const inspection = await inspectBytes(image(4095, { ...protective, ...table(512) }))
  expect(inspection.safety.warnings).toEqual(['the file ends at byte 4095, its headers promise at least 4096'])
})
