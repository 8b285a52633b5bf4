import { hasMagic, slice, text16, u32be, u64be } from '../bytes.js'
import type { Format, Need, Want } from '../format.js'
import { part, unseen } from '../format.js'
import { eachEntry, Furthest, readTable } from '../tables.js'
import { readFooter } from './vhd-footer.js'

/**
 * Dynamic and differencing VHD (Microsoft's Virtual Hard Disk specification 1.0); fixed ones are recognised by their
 * end.
 */
export const vhd: Format = {
  name: 'vhd',
  diskFormat: 'vhd',
  glanceName: 'vhd',
  recognises: (head) => hasMagic(head, 'conectix'),
  glanceSees: (head) => hasMagic(head, 'conectix'),
  *walk(head) {
    if (head.length < 512) return { refusals: ['the VHD ends within its first sector'] }
    const { subformat, virtualSize, dataOffset, details } = readFooter(slice(head, 0, 512))
    if (subformat !== 'dynamic' && subformat !== 'differencing') return { virtualSize, details }
    const header = yield* part(head, dataOffset, 1024)
    const warnings: string[] = []
    const isHeader = hasMagic(header, 'cxsparse')
    const cutOff = isHeader || header === unseen ? undefined : 'the dynamic disk header is not where the footer says'
    const parent = subformat === 'differencing' ? text16(slice(header, 64, 512), 'be') : undefined
    if (parent !== undefined) warnings.push(`the image is a difference to a parent (${JSON.stringify(parent)})`)
    const reach = isHeader ? yield* blockReach(head, header) : { needs: [], isPartial: header === unseen }
    return {
      virtualSize,
      backingFile: parent,
      needs: [{ bytes: dataOffset + 1024n }, ...reach.needs],
      isPartial: reach.isPartial,
      cutOff,
      details: { ...details, blockSizeBytes: u32be(header, 32) },
      warnings,
    }
  },
}

const mostTable = 256 * 1024
const unallocated = 0xffff_ffff

/**
 * The offsets at which the table says that blocks begin; and, when the footer at the end is missing too, where the last
 * block ends.
 */
function* blockReach(
  head: Uint8Array,
  header: Uint8Array,
): Generator<Want, { needs: readonly Need[]; isPartial: boolean }, Uint8Array> {
  const entries = u32be(header, 28)
  const table = u64be(header, 16)
  const blockBytes = u32be(header, 32)
  const starts = new Furthest('and its block table names data at')
  const ends = new Furthest('there is no footer at its end, and its last block reaches to')
  const pieces = yield* readTable(head, table, entries * 4, mostTable)
  // A block begins with a bitmap of its sectors.
  const bitmapBytes = Math.ceil(blockBytes / 512 / 8 / 512) * 512
  eachEntry(pieces, 4, (bytes, at) => {
    const entry = u32be(bytes, at)
    if (entry === unallocated) return
    starts.see(entry * 512)
    ends.see(entry * 512 + bitmapBytes + blockBytes - 1)
  })
  const end = yield { last: 512 }
  const isOpen = end !== unseen && !hasMagic(end, 'conectix') && !hasMagic(end.subarray(1), 'conectix')
  const isPartial = pieces.some(({ bytes }) => bytes === unseen)
  const needs = [{ bytes: table + BigInt(entries) * 4n }, ...starts.needs(), ...(isOpen ? ends.needs() : [])]
  return { needs, isPartial }
}
