import { hasMagic, u32le, u64le } from '../bytes.js'
import type { Format } from '../format.js'

const first = 'WithoutFreeSpace'
const second = 'WithouFreSpacExt'

/** Ploop, the format of Parallels and OpenVZ (qemu `docs/interop/parallels.txt`). */
export const ploop: Format = {
  name: 'ploop',
  diskFormat: 'ploop',
  recognises: (head) => hasMagic(head, first) || hasMagic(head, second),
  walk(head) {
    const isFirst = hasMagic(head, first)
    const sectors = isFirst ? BigInt(u32le(head, 36)) : u64le(head, 36)
    return {
      virtualSize: sectors * 512n,
      details: {
        version: u32le(head, 16),
        variant: isFirst ? 'WithoutFreeSpace' : 'WithouFreSpacExt',
        clusterSizeBytes: u32le(head, 28) * 512,
        inUse: u32le(head, 44) === 0x74_6f_6e_59 || u32le(head, 44) === 0x31_2e_32_78,
      },
    }
  },
}
