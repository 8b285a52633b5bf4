import { hasMagic, isZero, printable, slice, u16le, u32le, u64le } from '../bytes.js'
import type { Finding, Format, Walk } from '../format.js'
import { part, unseen } from '../format.js'
import { vmdkReach } from './vmdk-tables.js'
import { createTypeOf, descriptorText, readDescriptor } from './vmdk-descriptor.js'

const sparse = 'KDMV'
const esx = 'COWD'
const sector = 512
// Where Glance's inspector and qemu expect an embedded descriptor, and how long it may be.
const descriptorSector = 1n
const longestDescriptor = 1024 * 1024 - 1
const atEnd = 0xffff_ffff_ffff_ffffn
const footerMarker = 3
const endMarker = 0

const names = new Map(
  [
    'monolithicSparse',
    'monolithicFlat',
    'twoGbMaxExtentSparse',
    'twoGbMaxExtentFlat',
    'streamOptimized',
    'vmfs',
    'vmfsSparse',
    'vmfsThin',
    'fullDevice',
    'partitionedDevice',
    'custom',
  ].map((name) => [name.toLowerCase(), name]),
)

/** Tab to carriage return, the separators that count as blanks, and the visible characters of ASCII. */
const isTextByte = (byte: number): boolean => (byte >= 9 && byte <= 13) || (byte >= 0x1c && byte <= 0x7e)

/** A text file with a `createType`: the small file next to a VMDK's extents. */
function isDescriptorFile(head: Uint8Array): boolean {
  if (head.length < 64 || !slice(head, 0, sector).every(isTextByte)) return false
  return createTypeOf(descriptorText(head).toLowerCase()) !== undefined
}

/** VMware's disk format (Virtual Disk Format 5.0): sparse extents with their descriptor, or a descriptor alone. */
export const vmdk: Format = {
  name: 'vmdk',
  diskFormat: 'vmdk',
  glanceName: 'vmdk',
  recognises: (head) => hasMagic(head, sparse) || hasMagic(head, esx) || isDescriptorFile(head),
  glanceSees: (head) => hasMagic(head, sparse) || isDescriptorFile(head),
  *walk(head) {
    if (hasMagic(head, sparse)) return yield* sparseExtent(head)
    return hasMagic(head, esx) ? esxExtent(head) : descriptorFile(head)
  },
}

function* sparseExtent(head: Uint8Array): Walk {
  const version = u32le(head, 4)
  const capacity = u64le(head, 12)
  const offset = u64le(head, 28)
  const claimed = u64le(head, 36) * BigInt(sector)
  const length = claimed < BigInt(longestDescriptor) ? Number(claimed) : longestDescriptor
  const embedded = offset === descriptorSector
  const bytes = embedded ? yield* part(head, descriptorSector * BigInt(sector), length) : new Uint8Array(0)
  const descriptor = readDescriptor(descriptorText(bytes))

  const refusals = [...descriptor.refusals]
  if (version < 1 || version > 3) refusals.push(`VMDK version ${version} is not supported`)
  if (!embedded) refusals.push('the VMDK descriptor is not in the second sector')
  if (embedded && bytes.length < length && bytes !== unseen) refusals.push('the VMDK descriptor is cut off')
  const hasFooter = u64le(head, 56) === atEnd
  const end = hasFooter ? yield { last: 3 * sector } : unseen
  const footer = slice(end, sector, sector)
  if (end !== unseen) refusals.push(...footerRefusals(head, end))
  const hasEnd = !hasFooter || hasMagic(footer, sparse)
  const reach = hasEnd ? yield* vmdkReach(head, hasFooter ? footer : head) : { needs: [], isPartial: false }

  const compression = u16le(head, 77)
  return {
    virtualSize: capacity * BigInt(sector),
    backingFile: descriptor.parent,
    details: {
      subformat: subformat(descriptor.createType),
      version,
      grainSizeBytes: u64le(head, 20) * BigInt(sector),
      compression: compression === 1 ? 'deflate' : undefined,
      cleanShutdown: head[72] === 0,
      extents: descriptor.files,
    },
    refusals,
    warnings:
      descriptor.parent === undefined ? [] : [`the image is a difference to a parent (${quote(descriptor.parent)})`],
    needs: [...(hasFooter ? [] : [{ bytes: u64le(head, 64) * BigInt(sector) }]), ...reach.needs],
    isPartial: reach.isPartial || bytes === unseen || (hasFooter && end === unseen),
    cutOff: hasEnd || end === unseen ? undefined : 'the file ends before the footer of the VMDK',
  }
}

/** The last three sectors of a stream-optimised VMDK: a marker, the header again, the end marker. */
function footerRefusals(head: Uint8Array, end: Uint8Array): readonly string[] {
  if (end.length < 3 * sector) return ['the VMDK ends before its footer']
  const footer = slice(end, sector, sector)
  const refusals: string[] = []
  if (!hasMagic(footer, sparse)) refusals.push('the VMDK footer has another signature than the header')
  if (u32le(footer, 4) !== u32le(head, 4)) refusals.push('the VMDK footer has another version than the header')
  if (u64le(footer, 28) !== u64le(head, 28) || u64le(footer, 36) !== u64le(head, 36))
    refusals.push('the VMDK footer names another descriptor than the header')
  if (u64le(footer, 56) === atEnd) refusals.push('the VMDK footer points to another footer')
  const marker = slice(end, 0, sector)
  if (!isMarker(marker, footerMarker)) refusals.push('the marker of the VMDK footer is invalid')
  const last = slice(end, 2 * sector, sector)
  if (!isMarker(last, endMarker) || u64le(last, 0) !== 0n) refusals.push('the end marker of the VMDK is invalid')
  return refusals
}

const isMarker = (bytes: Uint8Array, type: number): boolean =>
  u32le(bytes, 8) === 0 && u32le(bytes, 12) === type && isZero(slice(bytes, 16, sector - 16))

/** The extent of old ESX servers; its descriptor is in another file. */
const esxExtent = (head: Uint8Array): Finding => ({
  virtualSize: BigInt(u32le(head, 12)) * BigInt(sector),
  details: { subformat: 'vmfsSparse', version: u32le(head, 4), grainSizeBytes: u32le(head, 16) * sector },
  refusals: ['the VMDK subformat vmfsSparse is not allowed'],
})

function descriptorFile(head: Uint8Array): Finding {
  const descriptor = readDescriptor(descriptorText(head))
  return {
    virtualSize: descriptor.sectors * BigInt(sector),
    backingFile: descriptor.parent,
    dataFile: descriptor.files[0],
    details: { subformat: subformat(descriptor.createType), extents: descriptor.files },
    refusals: [...descriptor.refusals, 'the VMDK is only a descriptor: its data is in other files'],
  }
}

const subformat = (createType: string | undefined): string | undefined =>
  createType === undefined ? undefined : (names.get(createType) ?? printable(createType))

const quote = (name: string): string => JSON.stringify(name)
