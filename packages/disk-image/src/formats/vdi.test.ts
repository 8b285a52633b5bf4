import { expect, test } from 'vitest'
import { image, le32, le64 } from '../testing/build.js'
import { inspectBytes } from '../testing/file-image.js'

const header = {
  0: '<<< Oracle VM VirtualBox Disk Image >>>\n',
  0x40: le32(0xbeda107f),
  0x44: le32(0x0001_0001),
  0x4c: le32(1),
  0x54: 'a test',
  0x158: le32(1024),
  0x170: le64(1n << 30n),
  0x178: le32(1024),
  0x184: le32(1),
}

test('a dynamic image tells its size, blocks and description', async () => {
  expect(await inspectBytes(image(4096, header))).toMatchObject({
    format: 'vdi',
    virtualSizeBytes: 2 ** 30,
    details: { version: '1.1', subformat: 'dynamic', blockSizeBytes: 1024, blocksAllocated: 1, description: 'a test' },
    safety: { safe: true, warnings: [] },
  })
})

test('a difference names its parent by id', async () => {
  const inspection = await inspectBytes(image(4096, { ...header, 0x4c: le32(4), 0x1b8: 'abcdefghijklmnop' }))
  expect(inspection.backingFile).toBe('uuid:61626364-6566-6768-696a-6b6c6d6e6f70')
  expect(inspection.safety.warnings).toEqual(['the image is a difference to a parent'])
})

test('an image shorter than its allocated blocks is warned about', async () => {
  const inspection = await inspectBytes(image(4096, { ...header, 0x184: le32(0xffff_ffff), 0x178: le32(0xffff_ffff) }))
  expect(inspection.safety.warnings).toEqual([
    'the file ends at byte 4096, its headers promise at least 18446744065119618049',
  ])
})
