import { guid, hasMagic, isZero, slice, text16, u16le, u32le, u64le } from '../bytes.js'
import type { Finding, Format, Need, Want } from '../format.js'
import { at, unseen } from '../format.js'
import { eachEntry, Furthest, type Piece, readTable } from '../tables.js'

const KiB = 1024n
const headerOffsets = [64n * KiB, 128n * KiB]
const regionTableOffset = 192n * KiB
const regionTableLength = 64 * 1024
const mostEntries = 2047
const metadataTableLength = 32 * (mostEntries + 1)
const metadataRegion = '8b7ca206-4790-4b9a-b8fe-575f050f886e'
const blockTableRegion = '2dc27766-f623-4200-9d64-115e9bfd4a08'
const mostTable = 256 * 1024
const items = {
  fileParameters: 'caa16737-fa36-4d43-b3b6-33f0aa44e76b',
  virtualDiskSize: '2fa54224-cd1b-4876-b211-5dbed83bf4b8',
  logicalSectorSize: '8141bf1d-a96f-4709-ba47-f233a8faab5f',
  physicalSectorSize: 'cda348c7-445d-4471-9cc9-e9885251c556',
  parentLocator: 'a8d35f2d-b30b-454d-abf7-d3d84834ab0c',
}

interface Item {
  readonly offset: bigint
  readonly length: number
}

/** Hyper-V's disk format ([MS-VHDX]): tables that refer to tables, each identified by a GUID. */
export const vhdx: Format = {
  name: 'vhdx',
  diskFormat: 'vhdx',
  glanceName: 'vhdx',
  recognises: (head) => hasMagic(head, 'vhdxfile'),
  glanceSees: (head) => hasMagic(head, 'vhdxfile'),
  *walk(head) {
    const creator = text16(slice(head, 8, 512), 'le')
    const log = yield* logOfNewest()
    const warnings = log.isWaiting ? ['the image was not closed: its log has to be replayed'] : []
    const regions = yield at(regionTableOffset, regionTableLength)
    if (regions === unseen) return { details: { creator }, warnings, isPartial: true }
    const metadata = hasMagic(regions, 'regi') ? region(regions, metadataRegion) : undefined
    if (metadata === undefined) {
      const isCut = regions.length < regionTableLength
      return {
        details: { creator },
        refusals: isCut ? ['the VHDX ends before its region table'] : [],
        warnings: isCut ? warnings : [...warnings, 'the VHDX has no metadata region'],
        cutOff: isCut ? 'the file ends before the region table of the VHDX' : undefined,
      }
    }
    const blockTable = region(regions, blockTableRegion)
    const needs = [{ bytes: metadata.offset + 1n }, { bytes: log.end }]
    // In file order, which is the only order that a stream can serve.
    const isFirst = blockTable !== undefined && blockTable.offset < metadata.offset
    let blocks = isFirst ? yield* readBlockTable(blockTable) : []
    const table = yield at(metadata.offset, metadataTableLength)
    if (table === unseen) return { details: { creator }, warnings, needs, isPartial: true }
    const found = hasMagic(table, 'metadata') ? metadataItems(table, metadata.offset) : new Map<string, Item>()
    const finding = yield* readItems(found, creator, warnings)
    if (blockTable && !isFirst) blocks = yield* readBlockTable(blockTable)
    return {
      ...finding,
      needs: [...needs, { bytes: (blockTable?.offset ?? 0n) + 1n }, ...blockNeeds(blocks, finding)],
      isPartial: finding.isPartial || blocks.some(({ bytes }) => bytes === unseen),
    }
  },
}

/**
 * The newer of the two headers says where the log is, and whether it has to be replayed: it then holds the log's GUID.
 */
function* logOfNewest(): Generator<Want, { isWaiting: boolean; end: bigint }, Uint8Array> {
  let newest: Uint8Array | undefined
  for (const offset of headerOffsets) {
    const header = yield at(offset, 80)
    if (hasMagic(header, 'head') && (!newest || u64le(header, 8) > u64le(newest, 8))) newest = header
  }
  if (!newest) return { isWaiting: false, end: 0n }
  return {
    isWaiting: !isZero(slice(newest, 48, 16)),
    end: u64le(newest, 72) + BigInt(u32le(newest, 68)),
  }
}

const readBlockTable = ({ offset, length }: Item): Generator<Want, readonly Piece[], Uint8Array> =>
  readTable(new Uint8Array(0), offset, length, mostTable)

/**
 * The blocks that are present, according to the block allocation table ([MS-VHDX] 2.5.1); they lie at multiples of 1
 * MiB.
 */
function blockNeeds(blocks: readonly Piece[], { details, virtualSize }: Finding): readonly Need[] {
  const starts = new Furthest('and its block table names data at')
  const ends = new Furthest('and its block table names data up to')
  const blockBytes = Number(details?.['blockSizeBytes'] ?? 0)
  // The last block of a fixed disk may be incomplete.
  const isEven = typeof virtualSize === 'bigint' && blockBytes > 0 && virtualSize % BigInt(blockBytes) === 0n
  eachEntry(blocks, 8, (bytes, at) => {
    const low = u32le(bytes, at)
    if ((low & 7) < 6) return
    const start = u32le(bytes, at + 4) * 0x1_00_00_00_00 + (low - (low % 0x10_00_00))
    starts.see(start)
    if (isEven) ends.see(start + blockBytes - 1)
  })
  return [...starts.needs(), ...ends.needs()]
}

function region(regions: Uint8Array, id: string): Item | undefined {
  const count = Math.min(u32le(regions, 8), mostEntries)
  for (let index = 0; index < count; index += 1) {
    const entry = slice(regions, 16 + index * 32, 32)
    if (entry.length === 32 && guid(entry, 0) === id) return { offset: u64le(entry, 16), length: u32le(entry, 24) }
  }
  return undefined
}

function metadataItems(table: Uint8Array, start: bigint): ReadonlyMap<string, Item> {
  const found = new Map<string, Item>()
  const count = Math.min(u16le(table, 10), mostEntries)
  for (let index = 0; index < count; index += 1) {
    const entry = slice(table, 32 + index * 32, 32)
    if (entry.length < 32) break
    const item = { offset: start + BigInt(u32le(entry, 16)), length: Math.min(u32le(entry, 20), 65_536) }
    found.set(guid(entry, 0), item)
  }
  return found
}

/** Reads the items in file order, which is the only order that a stream can serve. */
function* readItems(
  found: ReadonlyMap<string, Item>,
  creator: string,
  warnings: readonly string[],
): Generator<Want, Finding, Uint8Array> {
  const wanted = Object.values(items).flatMap((id) => {
    const item = found.get(id)
    return item ? [{ id, item }] : []
  })
  wanted.sort((a, b) => (a.item.offset < b.item.offset ? -1 : 1))
  const values = new Map<string, Uint8Array>()
  for (const { id, item } of wanted) values.set(id, yield at(item.offset, item.length))
  const value = (id: string): Uint8Array => values.get(id) ?? new Uint8Array(0)

  const size = value(items.virtualDiskSize)
  const isPartial = [...values.values()].includes(unseen)
  const parameters = value(items.fileParameters)
  const flags = u32le(parameters, 4)
  const hasParent = (flags & 2) !== 0
  const parent = hasParent ? parentPath(value(items.parentLocator)) : undefined
  return {
    ...(size.length >= 8 && { virtualSize: u64le(size, 0) }),
    backingFile: parent,
    details: {
      creator,
      subformat: hasParent ? 'differencing' : flags & 1 ? 'fixed' : 'dynamic',
      blockSizeBytes: u32le(parameters, 0),
      logicalSectorSizeBytes: u32le(value(items.logicalSectorSize), 0),
      physicalSectorSizeBytes: u32le(value(items.physicalSectorSize), 0),
    },
    isPartial,
    refusals: size.length < 8 && !isPartial ? ['the virtual size of the VHDX cannot be read'] : [],
    warnings: hasParent ? [...warnings, `the image is a difference to a parent (${JSON.stringify(parent)})`] : warnings,
  }
}

const parentKeys = ['relative_path', 'volume_path', 'absolute_win32_path']

/** The path of the parent in the order a reader should try them ([MS-VHDX] 2.6.2.6). */
function parentPath(locator: Uint8Array): string {
  const entries = new Map<string, string>()
  const count = Math.min(u16le(locator, 18), 64)
  for (let index = 0; index < count; index += 1) {
    const entry = slice(locator, 20 + index * 12, 12)
    const key = text16(slice(locator, u32le(entry, 0), u16le(entry, 8)), 'le')
    entries.set(key, text16(slice(locator, u32le(entry, 4), u16le(entry, 10)), 'le'))
  }
  return parentKeys.map((key) => entries.get(key)).find((path) => path !== undefined) ?? ''
}
