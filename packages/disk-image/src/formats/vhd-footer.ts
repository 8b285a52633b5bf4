import { hasMagic, isZero, text, u16be, u32be, u64be, uuid } from '../bytes.js'
import type { Finding, Want } from '../format.js'

const subformats = new Map([
  [2, 'fixed'],
  [3, 'dynamic'],
  [4, 'differencing'],
])

// For these writers the size is authoritative; for all others the geometry, which rounds down (qemu `block/vpc.c`).
const sizedWriters = ['win ', 'qem2', 'd2v ', 'tap\0', 'CTXS']
const mostSectors = 65_535n * 16n * 255n

export interface VhdFooter {
  readonly subformat: string | undefined
  readonly virtualSize: bigint
  readonly dataOffset: bigint
  readonly details: NonNullable<Finding['details']>
}

/** Reads the 512-byte footer of a VHD; dynamic VHDs have a copy of it as their first sector. */
export function readFooter(footer: Uint8Array): VhdFooter {
  const type = u32be(footer, 60)
  const chs = BigInt(u16be(footer, 56)) * BigInt(footer[58] ?? 0) * BigInt(footer[59] ?? 0)
  const usesSize = sizedWriters.some((writer) => hasMagic(footer, writer, 28)) || chs === mostSectors || chs === 0n
  const subformat = subformats.get(type)
  const id = footer.subarray(68, 84)
  return {
    subformat,
    virtualSize: usesSize ? u64be(footer, 48) : chs * 512n,
    dataOffset: u64be(footer, 16),
    details: {
      subformat: subformat ?? `unknown type ${type}`,
      creator: text(footer.subarray(28, 32)),
      originalSizeBytes: u64be(footer, 40),
      currentSizeBytes: u64be(footer, 48),
      ...(!isZero(id) && { uniqueId: uuid(footer, 68) }),
      checksumValid: checksum(footer) === u32be(footer, 64),
    },
  }
}

/** One's complement of the sum of all bytes except the checksum's own. */
function checksum(footer: Uint8Array): number {
  let sum = 0
  for (const [index, value] of footer.entries()) if (index < 64 || index >= 68) sum += value
  return ~sum >>> 0
}

/**
 * A fixed VHD: a plain disk that is identified only by its last sector. Old versions of Virtual PC wrote a footer of
 * 511 bytes. Apple's disk images are identified there too. Undefined when the file does not end with such a sector.
 */
export function* fixedFooter(): Generator<Want, Finding | undefined, Uint8Array> {
  const end = yield { last: 512 }
  if (hasMagic(end, 'koly')) return { identity: { name: 'dmg' }, virtualSize: u64be(end, 492) * 512n }
  const footer = hasMagic(end, 'conectix') ? end : end.subarray(1)
  if (!hasMagic(footer, 'conectix')) return undefined
  const { subformat, virtualSize, details } = readFooter(footer)
  return subformat === 'fixed' ? { identity: { name: 'vhd', diskFormat: 'vhd' }, virtualSize, details } : undefined
}
