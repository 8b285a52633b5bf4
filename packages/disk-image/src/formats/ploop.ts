import { hasMagic, u32le, u64le } from '../bytes.js'
import { type Format, unseen } from '../format.js'
import { eachEntry, Furthest, readTable } from '../tables.js'

const first = 'WithoutFreeSpace'
const mostTable = 256 * 1024
const second = 'WithouFreSpacExt'

/** Ploop, the format of Parallels and OpenVZ (qemu `docs/interop/parallels.txt`). */
export const ploop: Format = {
  name: 'ploop',
  diskFormat: 'ploop',
  recognises: (head) => hasMagic(head, first) || hasMagic(head, second),
  *walk(head) {
    const isFirst = hasMagic(head, first)
    const sectors = isFirst ? BigInt(u32le(head, 36)) : u64le(head, 36)
    const clusterBytes = u32le(head, 28) * 512
    const clusters = new Furthest('and its table names data at')
    const table = yield* readTable(head, 64n, u32le(head, 32) * 4, mostTable)
    // In sectors, or in clusters in the newer variant.
    const unit = isFirst ? 512 : clusterBytes
    eachEntry(table, 4, (bytes, at) => {
      const entry = u32le(bytes, at)
      if (entry > 0) clusters.see(entry * unit)
    })
    return {
      virtualSize: sectors * 512n,
      needs: [{ bytes: 64n + BigInt(u32le(head, 32)) * 4n }, ...clusters.needs()],
      isPartial: table.some(({ bytes }) => bytes === unseen),
      details: {
        version: u32le(head, 16),
        variant: isFirst ? 'WithoutFreeSpace' : 'WithouFreSpacExt',
        clusterSizeBytes: clusterBytes,
        inUse: u32le(head, 44) === 0x74_6f_6e_59 || u32le(head, 44) === 0x31_2e_32_78,
      },
    }
  },
}
