import type { DetectedFormat } from './detected-format.js'
import { detectFormat } from './detect.js'
import { hasBootSignature } from './formats/boot-sector.js'

type Allowed = (format: DetectedFormat, head: Uint8Array) => boolean

const only =
  (...formats: readonly DetectedFormat[]): Allowed =>
  (format) =>
    formats.includes(format)

const disk = only('raw', 'gpt', 'mbr', 'luks')

// An ISO with a boot record is made to be written to a disk as it is.
const plainDisk: Allowed = (format, head) => disk(format, head) || (format === 'iso' && hasBootSignature(head))

// Kernels, ramdisks, file systems: compressed or not, but never one of the disk formats that name themselves.
const opaque: Allowed = (format, head) =>
  disk(format, head) || only('gzip', 'xz', 'zstd', 'bzip2', 'zip', 'tar')(format, head)

const allowed = new Map<string, Allowed>([
  ['raw', plainDisk],
  ['ami', opaque],
  ['aki', opaque],
  ['ari', opaque],
  ['ploop', (format, head) => format === 'ploop' || opaque(format, head)],
  ['qcow2', only('qcow2')],
  ['vmdk', only('vmdk')],
  // A fixed VHD is a plain disk with a footer at its end, so its beginning proves nothing.
  ['vhd', (format, head) => format === 'vhd' || plainDisk(format, head)],
  ['vhdx', only('vhdx')],
  ['vdi', only('vdi')],
  ['iso', only('iso')],
  ['qed', only('qed')],
  ['luks', only('luks')],
  ['gpt', only('gpt', 'mbr')],
])

/**
 * The recognised format when the content cannot be what was declared, else nothing. Means `container_format` bare:
 * an `ova` is a tar whatever its disk format. Formats that an operator added never contradict.
 *
 * @param head The first `peekLength` bytes, or all of a shorter file.
 */
export function contradicts(declaredDiskFormat: string, head: Uint8Array): DetectedFormat | undefined {
  const allows = allowed.get(declaredDiskFormat)
  if (!allows) return undefined
  const format = detectFormat(head)
  return allows(format, head) ? undefined : format
}
