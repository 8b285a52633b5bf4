import type { Format } from '../format.js'
import { looksPartitioned, mbrRefusals, partitionEntries } from './boot-sector.js'
import { fixedFooter } from './vhd-footer.js'

/** A plain disk with a boot sector: an MBR partition table, or code with the same ending. */
export const mbr: Format = {
  name: 'mbr',
  diskFormat: 'raw',
  glanceName: 'gpt',
  recognises: looksPartitioned,
  glanceSees: looksPartitioned,
  *walk(head) {
    const refusals = mbrRefusals(head)
    const used = partitionEntries(head).filter(({ type }) => type !== 0)
    const ends = used.map(({ startLba, sectors }) => BigInt(startLba + sectors) * 512n)
    const footer = yield* fixedFooter()
    return {
      virtualSize: { fileMinus: 0n },
      needs: refusals.length === 0 ? ends.map((bytes) => ({ bytes, isSoft: true })) : [],
      ...footer,
      details: {
        ...footer?.details,
        partitions: used.length,
        partitionTypes: used.map(({ type }) => `0x${type.toString(16).padStart(2, '0')}`),
      },
      refusals,
    }
  },
}
