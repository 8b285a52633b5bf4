import { hasMagic, u32le } from '../bytes.js'
import type { DetectedFormat } from '../detected-format.js'
import type { Format } from '../format.js'

interface Foreign {
  readonly name: DetectedFormat
  /** What the user can do with it. */
  readonly remedy: string
  readonly recognises: (head: Uint8Array) => boolean
}

const magic =
  (...magics: readonly string[]) =>
  (head: Uint8Array): boolean =>
    magics.some((each) => hasMagic(head, each))

const decompress = (command: string): string => `decompress it first: ${command}`
const unpack = (command: string): string => `unpack it first (${command}), and give the disk image inside`
const noDisk = 'it is no disk image: give the image'

/**
 * The old .lzma format has no magic: recognised by properties that encoders write, a dictionary of 2^n bytes, and a
 * size that is unknown or plausible.
 */
function isLzma(head: Uint8Array): boolean {
  const dictionary = u32le(head, 1)
  const high = u32le(head, 9)
  const isPower = dictionary >= 4096 && (dictionary & (dictionary - 1)) === 0
  return head.length > 13 && head[0] === 0x5d && isPower && (high < 0x100 || high === 0xffff_ffff) && head[13] === 0
}

/** compress(1): two bytes, then flags of which two bits are always clear and five hold 9 to 16. */
function isCompress(head: Uint8Array): boolean {
  const flags = head[2] ?? 0
  return hasMagic(head, '\x1f\x9d') && (flags & 0x60) === 0 && (flags & 0x1f) >= 9 && (flags & 0x1f) <= 16
}

const table: readonly Foreign[] = [
  {
    name: 'lz4',
    remedy: decompress('lz4 -d'),
    recognises: magic('\x04\x22\x4d\x18', '\x02\x21\x4c\x18'),
  },
  {
    name: 'lzma',
    remedy: decompress('xz --format=lzma -d'),
    recognises: isLzma,
  },
  {
    name: 'lzip',
    remedy: decompress('lzip -d'),
    recognises: magic('LZIP\0', 'LZIP\x01'),
  },
  {
    name: 'lzop',
    remedy: decompress('lzop -d'),
    recognises: magic('\x89LZO\0\r\n\x1a\n'),
  },
  {
    name: 'compress',
    remedy: decompress('uncompress'),
    recognises: isCompress,
  },
  {
    name: 'snappy',
    remedy: decompress('snzip -d'),
    recognises: magic('\xff\x06\0\0sNaPpY'),
  },
  {
    name: 'zchunk',
    remedy: decompress('unzck'),
    recognises: magic('\0ZCK1', '\0ZHR1'),
  },
  {
    name: '7z',
    remedy: unpack('7z x'),
    recognises: magic('7z\xbc\xaf\x27\x1c'),
  },
  { name: 'rar', remedy: unpack('unrar x'), recognises: magic('Rar!\x1a\x07') },
  {
    name: 'cab',
    remedy: unpack('cabextract'),
    recognises: magic('MSCF\0\0\0\0'),
  },
  {
    name: 'cpio',
    remedy: unpack('cpio -i'),
    recognises: magic('070701', '070702', '070707'),
  },
  { name: 'ar', remedy: unpack('ar x'), recognises: magic('!<arch>\n') },
  {
    name: 'rpm',
    remedy: unpack('rpm2cpio'),
    recognises: magic('\xed\xab\xee\xdb'),
  },
  { name: 'xar', remedy: unpack('xar -x'), recognises: magic('xar!\0') },
  {
    name: 'wim',
    remedy: 'it holds files, not a disk: apply it to one',
    recognises: magic('MSWIM\0\0\0'),
  },
  {
    name: 'android-sparse',
    remedy: 'convert it first: simg2img',
    recognises: magic('\x3a\xff\x26\xed\x01\0'),
  },
  {
    name: 'partclone',
    remedy: 'restore it to a disk first: partclone.restore',
    recognises: magic('partclone-image'),
  },
  {
    name: 'torrent',
    remedy: 'fetch what it stands for',
    recognises: magic('d8:announce', 'd13:announce-list'),
  },
  { name: 'elf', remedy: noDisk, recognises: magic('\x7fELF') },
  { name: 'pdf', remedy: noDisk, recognises: magic('%PDF-') },
  { name: 'png', remedy: noDisk, recognises: magic('\x89PNG\r\n\x1a\n') },
  { name: 'jpeg', remedy: noDisk, recognises: magic('\xff\xd8\xff') },
  { name: 'gif', remedy: noDisk, recognises: magic('GIF87a', 'GIF89a') },
  { name: 'sqlite', remedy: noDisk, recognises: magic('SQLite format 3\0') },
]

/**
 * Formats that are not disks but are often mistaken for one: compression that is not supported here, archives, other
 * media.
 */
export const foreign: readonly Format[] = table.map(({ name, recognises }) => ({
  name,
  recognises,
  walk: () => ({}),
}))

/** In addition, Apple's disk images, which are identified by their last sector. */
const remedies = new Map<DetectedFormat, string>([
  ...table.map(({ name, remedy }): [DetectedFormat, string] => [name, remedy]),
  ['dmg', 'convert it first: qemu-img convert -f dmg -O qcow2'],
])

export const foreignRemedy = (format: DetectedFormat): string | undefined => remedies.get(format)
