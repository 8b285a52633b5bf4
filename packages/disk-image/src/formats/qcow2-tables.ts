import { u32be, u64be } from '../bytes.js'
import type { Need, Want } from '../format.js'
import { part, unseen } from '../format.js'
import { choose, eachEntry, Furthest, offset56, type Piece, readTable } from '../tables.js'

const KiB = 1024
const mostTable = 256 * KiB
const mostDataTables = 16
const fewestDataTables = 4
const mostDataBytes = 512 * KiB
const mostBlock = 64 * KiB
const compressed = 0x40_00_00_00

export interface Qcow2Shape {
  readonly clusterBits: number
  readonly refcountBits: number
  readonly hasSubclusters: boolean
  /** The guest's data is in another file. */
  readonly hasDataFile: boolean
}

interface Reach {
  readonly needs: readonly Need[]
  readonly isPartial: boolean
}

/**
 * Checks what the tables refer to (qemu `docs/interop/qcow2.txt`): every entry of the refcount and L1 tables up to 256
 * KiB, and 4 to 16 L2 tables, including the last ones in the file, 512 KiB in total. The end of the file may cut a
 * cluster, because writers leave the last one unfilled, but a cluster may not begin after it.
 */
export function* qcow2Reach(head: Uint8Array, shape: Qcow2Shape): Generator<Want, Reach, Uint8Array> {
  const clusterBytes = 2 ** shape.clusterBits
  const first = {
    offset: u64be(head, 40),
    length: Math.min(u32be(head, 36) * 8, 2 ** 32),
  }
  const counts = {
    offset: u64be(head, 48),
    length: Math.min(u32be(head, 56) * clusterBytes, 2 ** 32),
  }
  const snapshots = u32be(head, 60) > 0 ? [{ bytes: u64be(head, 64) + 1n, what: 'and its snapshot table is at' }] : []
  let isPartial = false
  const pieces = new Map<object, readonly Piece[]>()
  for (const table of [first, counts].sort((a, b) => (a.offset < b.offset ? -1 : 1))) {
    const read = yield* readTable(head, table.offset, table.length, mostTable)
    isPartial ||= read.some(({ bytes }) => bytes === unseen)
    pieces.set(table, read)
  }

  const countBlocks = new Furthest('and its refcount table names a block at')
  let lastBlock = { index: -1, place: 0 }
  eachEntry(pieces.get(counts) ?? [], 8, (bytes, at, index) => {
    const place = offset56(bytes, at)
    if (place === 0) return
    countBlocks.see(place)
    if (index > lastBlock.index) lastBlock = { index, place }
  })
  const dataTables = new Furthest('and its L1 table names a cluster at')
  const places: number[] = []
  eachEntry(pieces.get(first) ?? [], 8, (bytes, at) => {
    const place = offset56(bytes, at)
    if (place === 0) return
    dataTables.see(place)
    places.push(place)
  })

  const data = new Furthest('and an L2 table names data at')
  const used = new Furthest('and its refcounts have a cluster in use at')
  const fitting = Math.floor(mostDataBytes / clusterBytes)
  const count = Math.max(fewestDataTables, Math.min(mostDataTables, fitting))
  const chosen = shape.hasDataFile ? [] : choose(places, count)
  const share = Math.floor(mostDataBytes / Math.max(1, chosen.length))
  const tasks = [...chosen.map((place) => ({ place, isBlock: false })), { place: lastBlock.place, isBlock: true }]
  for (const { place, isBlock } of tasks.sort((a, b) => a.place - b.place)) {
    if (isBlock && lastBlock.index >= 0) {
      const block = yield* part(head, BigInt(place), Math.min(clusterBytes, mostBlock))
      const index = lastUsed(block, shape.refcountBits)
      const perBlock = (clusterBytes * 8) / shape.refcountBits
      if (index !== undefined) used.see((lastBlock.index * perBlock + index) * clusterBytes)
    } else if (!isBlock) {
      const table = yield* readTable(head, BigInt(place), clusterBytes, share)
      isPartial ||= table.some(({ bytes }) => bytes === unseen)
      seeData(table, shape, data)
    }
  }
  // A process that was killed leaves refcounts of clusters that it never wrote.
  const needs = [...countBlocks.needs(), ...dataTables.needs(), ...data.needs(), ...used.needs(true), ...snapshots]
  return { needs, isPartial }
}

/** Processes tens of thousands of entries before the JIT has optimised the code, hence the simple style. */
function seeData(table: readonly Piece[], { clusterBits, hasSubclusters }: Qcow2Shape, data: Furthest): void {
  const compressedMask = 2 ** (62 - (clusterBits - 8) - 32)
  const entryLength = hasSubclusters ? 16 : 8
  let most = -1
  for (const { bytes } of table) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = 0; at + entryLength <= bytes.length; at += entryLength) {
      const high = view.getUint32(at)
      const low = view.getUint32(at + 4)
      let place: number
      if ((high & compressed) !== 0) place = ((high & 0x3f_ff_ff_ff) % compressedMask) * 0x1_00_00_00_00 + low
      // A cluster that reads as zeros may have an offset that was never written.
      else if (hasSubclusters ? view.getUint32(at + 12) === 0 : (low & 1) === 1) continue
      else place = (high & 0xff_ff_ff) * 0x1_00_00_00_00 + (low - (low % 512))
      if (place > most) most = place
    }
  }
  // 0: no offset.
  if (most > 0) data.see(most)
}

/** The index of the last nonzero refcount. */
function lastUsed(block: Uint8Array, refcountBits: number): number | undefined {
  let last = block.length - 1
  while (last >= 0 && block[last] === 0) last -= 1
  return last < 0 ? undefined : Math.floor((last * 8) / refcountBits)
}
