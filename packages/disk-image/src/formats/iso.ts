import { hasMagic, slice, text, u16le, u32le } from '../bytes.js'
import type { Format } from '../format.js'
import { hasBootSignature } from './boot-sector.js'

const sector = 2048
const firstDescriptor = 16 * sector
const glanceNeeds = firstDescriptor + sector

/** The identifiers of the volume descriptors, one per sector, until they end. */
function identifiers(head: Uint8Array): readonly string[] {
  const found: string[] = []
  for (let at = firstDescriptor; at + 7 <= head.length && found.length < 16; at += sector) {
    const name = ['CD001', 'BEA01', 'NSR02', 'NSR03', 'TEA01', 'BOOT2'].find((each) => hasMagic(head, each, at + 1))
    if (name === undefined) break
    found.push(name)
  }
  return found
}

const isUdf = (name: string): boolean => name === 'NSR02' || name === 'NSR03'

/** The size of discs written track-at-once includes up to 150 sectors that are missing from a copy of them. */
const slack = (size: bigint): bigint => (size / 10n < 150n * 2048n ? size / 10n : 150n * 2048n)

/** An optical disc: ISO 9660 (ECMA-119), UDF (ECMA-167) or both. */
export const iso: Format = {
  name: 'iso',
  diskFormat: 'iso',
  glanceName: 'iso',
  recognises: (head) => identifiers(head).some((name) => name === 'CD001' || isUdf(name)),
  // Glance looks at the first descriptor only, so it treats a disc that is only UDF as raw.
  glanceSees: (head) =>
    head.length >= glanceNeeds && ['CD001', 'NSR02', 'NSR03'].some((name) => hasMagic(head, name, firstDescriptor + 1)),
  walk(head) {
    const names = identifiers(head)
    const udf = names.some(isUdf)
    const hasPrimary = hasMagic(head, '\x01CD001', firstDescriptor)
    const descriptor = slice(head, firstDescriptor, sector)
    const blockSize = u16le(descriptor, 128)
    const size = BigInt(u32le(descriptor, 80)) * BigInt(blockSize)
    return {
      ...(size > 0n || !hasPrimary ? { virtualSize: hasPrimary ? size : { fileMinus: 0n } } : {}),
      needs: hasPrimary ? [{ bytes: size, slack: slack(size) }] : [],
      details: {
        subformat: names.includes('CD001') ? (udf ? 'iso9660+udf' : 'iso9660') : 'udf',
        volumeId: hasPrimary ? text(slice(descriptor, 40, 32)) : undefined,
        blockSizeBytes: hasPrimary ? blockSize : undefined,
        bootable: hasMagic(head, '\0CD001\x01EL TORITO SPECIFICATION', firstDescriptor + sector),
        hybrid: hasBootSignature(head),
      },
    }
  },
}
