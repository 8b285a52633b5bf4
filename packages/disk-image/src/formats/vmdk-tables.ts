import { u32le, u64le } from '../bytes.js'
import type { Need, Want } from '../format.js'
import { part, unseen } from '../format.js'
import { choose, eachEntry, Furthest, type Piece, readTable } from '../tables.js'

const sector = 512
const KiB = 1024
const mostDirectory = 128 * KiB
const mostRun = 256 * KiB
const compressedGrains = 0x1_00_00
const mostScattered = 32

/**
 * Checks what the grain directory and the grain tables refer to (Virtual Disk Format 5.0): up to 128 KiB of the
 * directory, the first 256 KiB of contiguous tables, and 32 more. `header` is the footer where the image has one.
 */
export function* vmdkReach(
  head: Uint8Array,
  header: Uint8Array,
): Generator<Want, { needs: readonly Need[]; isPartial: boolean }, Uint8Array> {
  const grainSectors = Number(u64le(header, 20))
  const perTable = u32le(header, 44)
  const tableCount = Math.ceil(Number(u64le(header, 12)) / (grainSectors * perTable))
  // Tools write grains of at most 64 KiB and 512 of them per table; larger claims are not followed.
  if (!(tableCount > 0 && tableCount < 2 ** 26 && perTable <= 4096)) return { needs: [], isPartial: false }
  const directory = u64le(header, 56) * BigInt(sector)
  const tables = new Furthest('and its grain directory names a table at')
  const grains = new Furthest('and a grain table names data at')
  const tableBytes = perTable * 4
  const places: number[] = []
  const entries = yield* readTable(head, directory, tableCount * 4, mostDirectory)
  eachEntry(entries, 4, (bytes, at) => {
    const place = u32le(bytes, at) * sector
    // 0: no table, 1: its grains read as zeros.
    if (place <= sector) return
    tables.see(place)
    places.push(place)
  })
  let isPartial = entries.some(({ bytes }) => bytes === unseen)
  for (const run of tableRuns(places, tableBytes)) {
    const read: readonly Piece[] = yield* readTable(head, BigInt(run.start), run.length, run.length)
    isPartial ||= read.some(({ bytes }) => bytes === unseen)
    eachEntry(read, 4, (bytes, at) => {
      const grain = u32le(bytes, at)
      if (grain > 1) grains.see(grain * sector)
    })
  }
  const needs: Need[] = [{ bytes: directory + 1n }, ...tables.needs(), ...grains.needs()]
  const isCompressed = (u32le(head, 8) & compressedGrains) !== 0
  if (isCompressed && grains.at > 0) {
    // Each compressed grain begins with its position on the disk, then its length.
    const marker = yield* part(head, BigInt(grains.at), 12)
    const end = BigInt(grains.at + 12 + u32le(marker, 8))
    if (marker.length === 12) needs.push({ bytes: end, what: 'and its last grain reaches to' })
  }
  return { needs, isPartial }
}

/** The tables to read, adjacent ones merged into one range. */
function tableRuns(places: readonly number[], tableBytes: number): readonly { start: number; length: number }[] {
  const sorted = [...new Set(places)].sort((a, b) => a - b)
  const early = sorted.slice(0, Math.floor(mostRun / Math.max(1, tableBytes)))
  const late = choose(sorted.slice(early.length), mostScattered)
  const runs: { start: number; length: number }[] = []
  for (const place of [...early, ...late]) {
    const last = runs.at(-1)
    if (last && last.start + last.length === place) last.length += tableBytes
    else if (runs.length < 2 * mostScattered) runs.push({ start: place, length: tableBytes })
  }
  return runs
}
