import { hasMagic } from '../bytes.js'
import type { Format } from '../format.js'
import { fixedFooter } from './vhd-footer.js'

// Names in the first 64 KiB of disks without a partition table.
const signs: readonly (readonly [name: string, at: number, magic: string])[] = [
  ['ext', 0x438, '\x53\xef'],
  ['xfs', 0, 'XFSB'],
  ['squashfs', 0, 'hsqs'],
  ['erofs', 1024, '\xe2\xe1\xf5\xe0'],
  ['f2fs', 1024, '\x10\x20\xf5\xf2'],
  ['jfs', 0x8000, 'JFS1'],
  ['ntfs', 3, 'NTFS    '],
  ['swap', 4086, 'SWAPSPACE2'],
  ['lvm', 512, 'LABELONE'],
  ['md raid', 4096, '\xfc\x4e\x2b\xa9'],
  ['apple partition map', 512, 'PM\0\0'],
  ['bsd disklabel', 512, '\x57\x45\x56\x82'],
  ['sun disk label', 508, '\xda\xbe'],
  ['linux kernel', 514, 'HdrS'],
  ['linux kernel', 56, 'ARMd'],
]

/** Bytes without a structure of their own: content that no other format recognises. */
export const raw: Format = {
  name: 'raw',
  diskFormat: 'raw',
  recognises: () => true,
  *walk(head) {
    const footer = yield* fixedFooter()
    const fileSystem = signs.find(([, at, magic]) => hasMagic(head, magic, at))?.[0]
    return footer ?? { virtualSize: { fileMinus: 0n }, details: { fileSystem } }
  },
}
