import { guid, hasMagic, isZero, slice, u32le, u64le } from '../bytes.js'
import type { Format } from '../format.js'
import { part } from '../format.js'
import { isProtective, looksPartitioned, mbrRefusals } from './boot-sector.js'
import { fixedFooter } from './vhd-footer.js'

const sectorSizes = [512, 4096]

const sectorSize = (head: Uint8Array): number | undefined =>
  sectorSizes.find((size) => hasMagic(head, 'EFI PART', size))

// The specification requires room for at least 128 entries of 128 bytes; no more than 64 KiB of entries are read.
const mostEntryBytes = 65_536

/** A plain disk with a GUID partition table (UEFI 2.10, section 5). */
export const gpt: Format = {
  name: 'gpt',
  diskFormat: 'raw',
  glanceName: 'gpt',
  recognises: (head) => sectorSize(head) !== undefined || isProtective(head),
  glanceSees: looksPartitioned,
  *walk(head) {
    const size = sectorSize(head)
    const refusals = mbrRefusals(head)
    if (size === undefined) {
      const footer = yield* fixedFooter()
      const warnings = ['a protective MBR, but no GPT header where one must be']
      return { virtualSize: { fileMinus: 0n }, ...footer, refusals, warnings }
    }
    const header = slice(head, size, 92)
    const sectors = BigInt(size)
    const entrySize = u32le(header, 84)
    const isSane = entrySize >= 128 && entrySize <= 4096
    const count = isSane ? Math.min(u32le(header, 80), Math.floor(mostEntryBytes / entrySize)) : 0
    const entries = yield* part(head, u64le(header, 72) * sectors, count * entrySize)
    let partitions = 0
    for (let index = 0; index < count; index += 1) if (!isZero(slice(entries, index * entrySize, 16))) partitions += 1
    const footer = yield* fixedFooter()
    return {
      virtualSize: { fileMinus: 0n },
      // A plain disk that was cut may still hold all relevant data.
      needs: [{ bytes: (u64le(header, 32) + 1n) * sectors, isSoft: true }],
      ...footer,
      details: {
        ...footer?.details,
        sectorSizeBytes: size,
        diskGuid: guid(header, 56),
        ...(isSane && { partitions }),
      },
      refusals,
      warnings: isSane ? [] : [`the GPT header claims partition entries of ${entrySize} bytes`],
    }
  },
}
