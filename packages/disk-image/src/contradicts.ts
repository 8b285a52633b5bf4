import type { DetectedFormat } from './detected-format.js'
import { detectFormat } from './detect.js'
import { hasBootSignature } from './formats/boot-sector.js'
import { iso } from './formats/iso.js'

/**
 * `isPlain`: content of a format with a signature that is also usable as a plain disk, or that Glance does not
 * recognise.
 */
type Allowed = (format: DetectedFormat, isPlain: boolean) => boolean

const only =
  (...formats: readonly DetectedFormat[]) =>
  (format: DetectedFormat) =>
    formats.includes(format)

const disk = only('raw', 'gpt', 'mbr', 'luks')

const plainDisk: Allowed = (format, isPlain) => disk(format) || isPlain

const namesItself = only('qcow2', 'qcow', 'vmdk', 'vhd', 'vhdx', 'vdi', 'qed', 'iso', 'ploop', 'dmg')

// Kernels, ramdisks, file systems: compressed or not, but never a disk format with a signature, nor text.
const opaque: Allowed = (format, isPlain) =>
  format !== 'text' && (!namesItself(format) || (isPlain && format === 'vhd'))

const allowed = new Map<string, Allowed>([
  ['raw', plainDisk],
  ['ami', opaque],
  ['aki', opaque],
  ['ari', opaque],
  ['ploop', (format, isPlain) => format === 'ploop' || opaque(format, isPlain)],
  ['qcow2', only('qcow2')],
  ['vmdk', only('vmdk')],
  // A fixed VHD is a plain disk with a footer at its end, so its beginning proves nothing.
  ['vhd', (format, isPlain) => format === 'vhd' || plainDisk(format, isPlain)],
  ['vhdx', only('vhdx')],
  ['vdi', only('vdi')],
  ['iso', only('iso')],
  ['qed', only('qed')],
  ['luks', only('luks')],
  ['gpt', only('gpt', 'mbr')],
])

/**
 * Whether content of a detected format may be declared as this format; formats that an operator added accept
 * everything.
 */
export const allows = (declaredDiskFormat: string, format: DetectedFormat, isPlain: boolean): boolean =>
  allowed.get(declaredDiskFormat)?.(format, isPlain) ?? true

/**
 * The detected format when the content cannot be what was declared, otherwise undefined. Assumes `container_format`
 * bare: an `ova` is a tar whatever its disk format. Formats that an operator added never contradict.
 *
 * @param head The first `peekLength` bytes, or all of a shorter file.
 */
export function contradicts(declaredDiskFormat: string, head: Uint8Array): DetectedFormat | undefined {
  const format = detectFormat(head)
  // An ISO with a boot record can be written to a disk as it is; Glance does not recognise one that is only UDF.
  const isPlain = format === 'iso' && (hasBootSignature(head) || iso.glanceSees?.(head) !== true)
  return allows(declaredDiskFormat, format, isPlain) ? undefined : format
}
