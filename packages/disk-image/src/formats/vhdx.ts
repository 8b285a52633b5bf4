import { guid, hasMagic, isZero, slice, text16, u16le, u32le, u64le } from '../bytes.js'
import type { Finding, Format, Want } from '../format.js'
import { at } from '../format.js'

const KiB = 1024n
const headerOffsets = [64n * KiB, 128n * KiB]
const regionTableOffset = 192n * KiB
const regionTableLength = 64 * 1024
const mostEntries = 2047
const metadataTableLength = 32 * (mostEntries + 1)
const metadataRegion = '8b7ca206-4790-4b9a-b8fe-575f050f886e'
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

/** Hyper-V's disk format ([MS-VHDX]): tables that lead to tables, each named by a GUID. */
export const vhdx: Format = {
  name: 'vhdx',
  diskFormat: 'vhdx',
  glanceName: 'vhdx',
  recognises: (head) => hasMagic(head, 'vhdxfile'),
  glanceSees: (head) => hasMagic(head, 'vhdxfile'),
  *walk(head) {
    const creator = text16(slice(head, 8, 512), 'le')
    const hasLog = yield* hasUnreplayedLog()
    const warnings = hasLog ? ['the image was not closed: its log has to be replayed'] : []
    const regions = yield at(regionTableOffset, regionTableLength)
    const metadata = hasMagic(regions, 'regi') ? metadataOffset(regions) : undefined
    if (metadata === undefined) {
      const isCut = regions.length < regionTableLength
      return {
        details: { creator },
        refusals: isCut ? ['the VHDX ends before its region table'] : [],
        warnings: [...warnings, 'the VHDX has no metadata region'],
      }
    }
    const table = yield at(metadata, metadataTableLength)
    const found = hasMagic(table, 'metadata') ? metadataItems(table, metadata) : new Map<string, Item>()
    return yield* readItems(found, creator, warnings)
  },
}

/** The newer of the two headers tells whether a log waits: it then names the log's GUID. */
function* hasUnreplayedLog(): Generator<Want, boolean, Uint8Array> {
  let newest: Uint8Array | undefined
  for (const offset of headerOffsets) {
    const header = yield at(offset, 80)
    if (hasMagic(header, 'head') && (!newest || u64le(header, 8) > u64le(newest, 8))) newest = header
  }
  return newest !== undefined && !isZero(slice(newest, 48, 16))
}

function metadataOffset(regions: Uint8Array): bigint | undefined {
  const count = Math.min(u32le(regions, 8), mostEntries)
  for (let index = 0; index < count; index += 1) {
    const entry = slice(regions, 16 + index * 32, 32)
    if (entry.length === 32 && guid(entry, 0) === metadataRegion) return u64le(entry, 16)
  }
  return undefined
}

function metadataItems(table: Uint8Array, region: bigint): ReadonlyMap<string, Item> {
  const found = new Map<string, Item>()
  const count = Math.min(u16le(table, 10), mostEntries)
  for (let index = 0; index < count; index += 1) {
    const entry = slice(table, 32 + index * 32, 32)
    if (entry.length < 32) break
    const item = { offset: region + BigInt(u32le(entry, 16)), length: Math.min(u32le(entry, 20), 65_536) }
    found.set(guid(entry, 0), item)
  }
  return found
}

/** Reads the items in the order they lie in, which is the only one a stream can serve. */
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
    refusals: size.length < 8 ? ['the virtual size of the VHDX cannot be read'] : [],
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
