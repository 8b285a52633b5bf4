import * as fc from 'fast-check'
import { be32, image } from './build.js'
import { seeds } from './seeds.js'

const MiB = 1024 * 1024

const magics: readonly Uint8Array[] = [
  image(4, { 0: 'QFI\xfb' }),
  image(8, { 0: 'QFI\xfb', 4: be32(1) }),
  ...[
    'KDMV',
    'COWD',
    '# Disk DescriptorFile\ncreateType="monolithicSparse"\n',
    'conectix',
    'vhdxfile',
    'QED\0',
    'LUKS\xba\xbe\0\x01',
    'LUKS\xba\xbe\0\x02',
    'WithoutFreeSpace',
    '\x1f\x8b\x08\x08',
    '\xfd7zXZ\0',
    '\x28\xb5\x2f\xfd',
    'BZh91AY&SY',
    'PK\x03\x04',
  ].map((magic) => image(magic.length, { 0: magic })),
]

/** A format's magic, followed by arbitrary bytes. */
const begun = fc
  .tuple(fc.constantFrom(...magics), fc.uint8Array({ maxLength: 3000 }))
  .map(([magic, rest]) => new Uint8Array([...magic, ...rest]))

/** Output of real tools, with some bytes changed, possibly cut short. */
const damaged = fc
  .tuple(
    fc.constantFrom(...[...seeds.values()].map((bytes) => bytes.subarray(0, 3 * MiB))),
    fc.array(
      fc.tuple(
        fc.oneof(fc.nat(600), fc.nat(70_000), fc.integer({ min: 196_608, max: 197_000 }), fc.nat(3 * MiB)),
        fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 8 }), fc.constant(new Uint8Array(8).fill(0xff))),
      ),
      { maxLength: 8 },
    ),
    fc.option(fc.nat(3 * MiB), { freq: 4 }),
  )
  .map(([seed, edits, length]) => {
    const bytes = seed.slice(0, length ?? seed.length)
    for (const [at, edit] of edits) if (at + edit.length <= bytes.length) bytes.set(edit, at)
    return bytes
  })

/** What an inspector must cope with: noise, a promising beginning, a damaged real image. */
export const hostile = fc.oneof(fc.uint8Array({ maxLength: 5000 }), begun, damaged)
