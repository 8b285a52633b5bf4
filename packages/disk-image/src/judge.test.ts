import { expect, test } from 'vitest'
import { inspect, judge, type ProblemCode } from './index.js'
import { be32, be64, bootSector, image } from './testing/build.js'
import { inspectBytes } from './testing/file-image.js'
import { seed, seeds } from './testing/seeds.js'

type Declared = Parameters<typeof judge>[1]

const judged = async (bytes: Uint8Array, declared: Declared = {}) => judge(await inspectBytes(bytes), declared)

/** The codes of the refusals, and of the warnings. */
async function codes(bytes: Uint8Array, declared: Declared = {}) {
  const { problems } = await judged(bytes, declared)
  const of = (severity: string) => problems.filter((each) => each.severity === severity).map(({ code }) => code)
  return { refused: of('refused'), warnings: of('warning') }
}

const utf8 = (text: string) => new TextEncoder().encode(text)
const utf16 = (text: string) => image(2 + text.length * 2, { 0: '\xff\xfe', 2: text.split('').join('\0') })

test.each<[string, string | Uint8Array]>([
  ['an HTML page', '<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head></html>'],
  ['an HTML page', '\n\n  <HTML lang=en><body>log in'],
  ['an HTML page', '<?xml version="1.0"?>\n<!-- a -->\n<!-- b --><!DOCTYPE html PUBLIC "x">'],
  ['an HTML page', '\ufeff<html>'],
  ['an HTML page', image(200, { 0: `<html><body>caf\xe9${'.'.repeat(200 - 16)}` })],
  ['an HTML page', utf16('<html><body>')],
  ['XML', '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>'],
  ['XML', '<Envelope ovf:version="1.0">'],
  ['JSON', '{"message": "not found"}'],
  ['JSON', '[\n  {"a": 1}]'],
  ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 5\n'],
  ['a git-annex pointer', '/annex/objects/SHA256E-s5--aa.img\n'],
  ['a git-annex pointer', '../../.git/annex/objects/a/b'],
  ['a script', '#!/bin/sh\nset -e\n'],
  ['a key, a certificate or a signature', '-----BEGIN CERTIFICATE-----\nMIIB'],
  ['a key, a certificate or a signature', '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n'],
  ['a list of checksums', `${'a'.repeat(64)}  u.img\n`],
  ['a list of checksums', `# made\n# here\n${'a'.repeat(64)} *u.img\n`],
  ['a list of checksums', `SHA512 (u.img) = ${'a'.repeat(128)}\n`],
  ['cloud-init configuration', '#cloud-config\nusers: []\n'],
  ['text', '404 page not found\n'],
  ['text', 'Zugriff verweigert: größer\n'],
  ['text', 'many words of a long page '.repeat(10_000)],
])('%s is refused, whatever it is declared as and called', async (kind, content) => {
  const bytes = typeof content === 'string' ? utf8(content) : content
  for (const diskFormat of ['auto', 'raw', 'qcow2', 'iso', 'vhd', 'aki', undefined, null]) {
    for (const containerFormat of ['bare', 'ova', null]) {
      const { problems } = await judged(bytes, { diskFormat, containerFormat, name: 'u.qcow2' })
      expect(problems).toEqual([
        {
          code: 'text',
          severity: 'refused',
          message: `the data is ${kind}, not a disk image`,
          hint: expect.any(String),
        },
      ])
    }
  }
})

test.each<[string, Uint8Array]>([
  ['a word', utf8('data')],
  ['a pattern', utf8('y\n'.repeat(100_000))],
  ['a page with a NUL in it', utf8('<html>\0</html>')],
  ['noise', image(600, { 0: '\x90\x01\x02abcdefgh' })],
  ['a disk that begins with text', image(100_000, { 0: 'GRUB and many other words' })],
])('%s is no text', async (_what, bytes) => {
  expect((await codes(bytes, { diskFormat: 'raw' })).refused).toEqual([])
})

test('text as slow to match as can be is judged as fast as any', async () => {
  const bad = [
    '<!-- many words -->'.repeat(8000),
    '# many words '.repeat(30_000),
    `<many words${' '.repeat(60_000)}`,
    '<a many words '.repeat(20_000),
    '[\n<many words'.repeat(30_000),
  ]
  for (const content of bad) expect((await judged(utf8(content))).problems[0]?.code).toBe('text')
})

test.each<[string, string]>([
  ['lz4', '\x04\x22\x4d\x18abc'],
  ['lzma', '\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0\x10'],
  ['lzip', 'LZIP\x01\x0c'],
  ['lzop', '\x89LZO\0\r\n\x1a\n'],
  ['compress', '\x1f\x9d\x90\x01'],
  ['snappy', '\xff\x06\0\0sNaPpY'],
  ['7z', '7z\xbc\xaf\x27\x1c\0\x04'],
  ['rar', 'Rar!\x1a\x07\x01\0'],
  ['cpio', '070701000'],
  ['rpm', '\xed\xab\xee\xdb\x03\0'],
  ['wim', 'MSWIM\0\0\0'],
  ['android-sparse', '\x3a\xff\x26\xed\x01\0'],
  ['elf', '\x7fELF\x02\x01'],
  ['pdf', '%PDF-1.7\n\x80'],
  ['torrent', 'd8:announce\x80'],
  ['zip', 'PK\x03\x04'],
])('%s has no disk format, and is none', async (format, magic) => {
  const bytes = image(4096, { 0: magic })
  expect((await judged(bytes)).diskFormat).toBeUndefined()
  expect(await judged(bytes)).toMatchObject({
    problems: [{ code: 'no-disk-format', message: expect.stringContaining(`the data is ${format}`) }],
  })
  for (const diskFormat of ['raw', 'qcow2', 'vhd']) {
    expect((await codes(bytes, { diskFormat })).refused).toEqual(['format-mismatch'])
  }
  expect((await codes(bytes, { diskFormat: 'ari' })).refused).toEqual([])
  expect((await codes(bytes, { diskFormat: 'raw', containerFormat: 'compressed' })).refused).toEqual([])
})

test('an Apple disk image is known by its last sector', async () => {
  const bytes = image(4096, { 0: '\x78\x9c', 3584: 'koly' })
  expect((await codes(bytes)).refused).toEqual(['no-disk-format'])
  expect((await codes(bytes, { diskFormat: 'raw' })).refused).toEqual(['format-mismatch'])
})

test('no data is no image', async () => {
  expect((await codes(new Uint8Array(0))).refused).toEqual(['empty'])
  expect((await codes(new Uint8Array(0), { containerFormat: 'ova' })).refused).toEqual(['empty'])
})

test.each([...seeds.keys()])('%s is sent as what Glance takes it for', async (name) => {
  const { diskFormat = '', problems } = await judged(seed(name))
  expect(problems.filter(({ severity }) => severity === 'refused')).toEqual([])
  const ending = name.split('.').at(-1) ?? ''
  expect(diskFormat).toBe(name === 'tiny-fixed.vhd' ? 'raw' : ending)
})

test('a fixed VHD is raw to Glance', async () => {
  const bytes = seed('tiny-fixed.vhd')
  expect(await codes(bytes)).toMatchObject({ refused: [], warnings: expect.arrayContaining(['fixed-vhd']) })
  expect((await codes(bytes, { diskFormat: 'raw' })).refused).toEqual([])
  expect((await codes(bytes, { diskFormat: 'vhd' })).refused).toEqual(['fixed-vhd'])
  expect((await codes(seed('tiny-gpt.raw'), { diskFormat: 'vhd' })).refused).toEqual(['format-mismatch'])
})

test('a UDF disc is raw to Glance, one with ISO 9660 as well is an iso', async () => {
  const udf = image(100_352, { 32_768: '\0BEA01', 34_816: '\0NSR03' })
  expect((await judged(udf)).diskFormat).toBe('raw')
  expect(await codes(udf)).toEqual({ refused: [], warnings: ['udf-only'] })
  expect(await codes(udf, { diskFormat: 'raw' })).toEqual({ refused: [], warnings: ['udf-only'] })
  expect((await codes(udf, { diskFormat: 'iso' })).refused).toEqual(['udf-only'])
  const both = image(100_352, { 32_768: '\x01CD001', 34_816: '\0BEA01', 36_864: '\0NSR02' })
  expect(await judged(both)).toMatchObject({ diskFormat: 'iso', problems: [] })
})

test('an ISO with a partition table can only be an iso', async () => {
  const bytes = image(40_960, { 0: seed('tiny.iso').subarray(0, 40_960), ...bootSector })
  bytes.fill(0, 32_768 + 80, 32_768 + 88)
  expect((await codes(bytes, { diskFormat: 'iso' })).refused).toEqual([])
  expect((await codes(bytes, { diskFormat: 'raw' })).refused).toEqual(['several-formats'])
})

const header = { 0: 'QFI\xfb', 4: be32(3), 20: be32(16), 100: be32(104) }

test.each<[ProblemCode, Uint8Array]>([
  ['backing-file', image(70_000, { ...header, 8: be64(600n), 16: be32(4), 600: 'base' })],
  ['data-file', image(70_000, { ...header, 72: be64(4n) })],
  ['unsupported', image(70_000, { ...header, 72: be64(0x100n) })],
  [
    'data-file',
    utf8('# Disk DescriptorFile\nversion=1\ncreateType="monolithicFlat"\nRW 2048 FLAT "disk-flat.vmdk" 0\n'),
  ],
  ['unsupported', image(70_000, { 0: 'LUKS\xba\xbe\0\x02' })],
  ['backing-file', image(2048, { 0: 'conectix', 16: be64(512n), 60: be32(4), 512: 'cxsparse' })],
])('what Glance refuses, or needs another file, is refused: %s', async (code, bytes) => {
  const { refused } = await codes(bytes)
  expect(refused).toContain(code)
})

test('a kernel whose boot sector Glance takes for a disk goes in its own container', async () => {
  const kernel = image(5120, { 0: 'MZ', 510: '\x55\xaa' })
  const { problems } = await judged(kernel, { diskFormat: 'aki' })
  expect(problems[0]).toMatchObject({ code: 'format-mismatch', hint: expect.stringContaining('container format aki') })
  expect((await codes(kernel, { diskFormat: 'aki', containerFormat: 'aki' })).refused).toEqual([])
})

test.each<[string, Uint8Array, string | undefined, readonly string[], readonly string[]]>([
  ['u.qcow2', image(4096, {}), undefined, ['name-mismatch'], ['no-boot-record']],
  ['https://example.org/u.vmdk?x=y', image(4096, {}), undefined, ['name-mismatch'], ['no-boot-record']],
  ['u.iso.xz', image(4096, {}), undefined, ['name-mismatch'], ['no-boot-record']],
  ['u.qcow2', image(4096, {}), 'raw', [], ['no-boot-record', 'name-mismatch']],
  ['u-flat.vmdk', image(4096, {}), undefined, [], ['no-boot-record']],
  ['u.img', image(4096, {}), undefined, [], ['no-boot-record']],
  ['u.vmdk', seed('tiny.qcow2'), undefined, [], ['name-mismatch']],
  ['u.img', seed('tiny.qcow2'), undefined, [], []],
  ['u.raw', image(4096, { 0x438: '\x53\xef' }), undefined, [], []],
  ['u.raw', seed('tiny-mbr.raw').subarray(0, 5000), undefined, [], ['incomplete', 'odd-size']],
  ['u.raw', seed('tiny-gpt.raw').subarray(0, 51_200), undefined, [], ['incomplete']],
])('%s: doubts', async (name, bytes, diskFormat, refused, warnings) => {
  expect(await codes(bytes, { name, diskFormat })).toEqual({ refused, warnings })
})

test('what the end alone would tell is not refused while it is not seen', async () => {
  const bytes = seed('tiny-stream.vmdk')
  const seen = await inspect({ read: async (offset, length) => bytes.slice(offset, offset + length) })
  expect(judge(seen).problems.filter(({ severity }) => severity === 'refused')).toEqual([])
  const vhdx = seed('tiny.vhdx')
  const began = await inspect({
    read: async (offset, length) => (offset < 1_048_576 ? vhdx.slice(offset, offset + length) : undefined),
  })
  expect(began).toMatchObject({ format: 'vhdx', isPartial: true, safety: { safe: true } })
  expect(judge(began).problems).toEqual([])
})
