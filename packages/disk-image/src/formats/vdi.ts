import { isZero, slice, text, u32le, u64le, uuid } from '../bytes.js'
import type { Format } from '../format.js'

const signature = 0xbe_da_10_7f
const subformats = new Map([
  [1, 'dynamic'],
  [2, 'static'],
  [3, 'undo'],
  [4, 'differencing'],
])

const isVdi = (head: Uint8Array): boolean => u32le(head, 0x40) === signature

/** VirtualBox disk (qemu `block/vdi.c`). */
export const vdi: Format = {
  name: 'vdi',
  diskFormat: 'vdi',
  glanceName: 'vdi',
  recognises: isVdi,
  glanceSees: (head) => head.length >= 512 && isVdi(head),
  walk(head) {
    const version = u32le(head, 0x44)
    const type = u32le(head, 0x4c)
    const parent = slice(head, 0x1b8, 16)
    const hasParent = type === 3 || type === 4
    const blockSize = u32le(head, 0x178)
    return {
      virtualSize: u64le(head, 0x170),
      backingFile: hasParent && !isZero(parent) ? `uuid:${uuid(head, 0x1b8)}` : undefined,
      needsBytes: BigInt(u32le(head, 0x158)) + BigInt(u32le(head, 0x184)) * BigInt(blockSize),
      details: {
        version: `${version >>> 16}.${version & 0xffff}`,
        subformat: subformats.get(type) ?? `unknown type ${type}`,
        blockSizeBytes: blockSize,
        blocksAllocated: u32le(head, 0x184),
        blocks: u32le(head, 0x180),
        description: text(slice(head, 0x54, 256)),
        uniqueId: uuid(head, 0x188),
      },
      warnings: hasParent ? ['the image is a difference to a parent'] : [],
    }
  },
}
