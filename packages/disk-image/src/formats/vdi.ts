import { isZero, slice, text, u32le, u64le, uuid } from '../bytes.js'
import { type Format, unseen } from '../format.js'
import { eachEntry, Furthest, readTable } from '../tables.js'

const signature = 0xbe_da_10_7f
const subformats = new Map([
  [1, 'dynamic'],
  [2, 'static'],
  [3, 'undo'],
  [4, 'differencing'],
])

// The two highest numbers stand for blocks of zeros and blocks that were never allocated.
const firstUnallocated = 0xffff_fffe
const mostMap = 256 * 1024

const isVdi = (head: Uint8Array): boolean => u32le(head, 0x40) === signature

/** VirtualBox disk (qemu `block/vdi.c`). */
export const vdi: Format = {
  name: 'vdi',
  diskFormat: 'vdi',
  glanceName: 'vdi',
  recognises: isVdi,
  glanceSees: (head) => head.length >= 512 && isVdi(head),
  *walk(head) {
    const version = u32le(head, 0x44)
    const type = u32le(head, 0x4c)
    const parent = slice(head, 0x1b8, 16)
    const hasParent = type === 3 || type === 4
    const blockSize = u32le(head, 0x178)
    const data = u32le(head, 0x158)
    const blocks = new Furthest('and its block map names data at')
    const map = yield* readTable(head, BigInt(u32le(head, 0x154)), u32le(head, 0x180) * 4, mostMap)
    eachEntry(map, 4, (bytes, at) => {
      const block = u32le(bytes, at)
      if (block < firstUnallocated) blocks.see(data + block * blockSize)
    })
    return {
      virtualSize: u64le(head, 0x170),
      backingFile: hasParent && !isZero(parent) ? `uuid:${uuid(head, 0x1b8)}` : undefined,
      needs: [
        { bytes: BigInt(data) },
        ...blocks.needs(),
        { bytes: BigInt(data) + BigInt(u32le(head, 0x184)) * BigInt(blockSize) },
      ],
      isPartial: map.some(({ bytes }) => bytes === unseen),
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
