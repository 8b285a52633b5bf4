import { u16le, u32le } from '../bytes.js'

const signature = 0xaa55

/** A boot sector's last two bytes, which an MBR, a GPT's protective MBR, a FAT file system and a kernel share. */
export const hasBootSignature = (head: Uint8Array): boolean => head.length >= 512 && u16le(head, 510) === signature

// A FAT file system's first sector ends like an MBR, but declares two FATs on a fixed disk where an MBR has boot code.
const isFat = (head: Uint8Array): boolean => head[0x10] === 2 && head[0x15] === 0xf8

/** Content that Glance's inspector calls `gpt`: any boot sector except that of a FAT file system. */
export const looksPartitioned = (head: Uint8Array): boolean => hasBootSignature(head) && !isFat(head)

export interface PartitionEntry {
  readonly bootFlag: number
  readonly type: number
  readonly startChs: number
  readonly startLba: number
  readonly sectors: number
}

/** The four entries of an MBR. */
export const partitionEntries = (head: Uint8Array): readonly PartitionEntry[] =>
  [446, 462, 478, 494].map((at) => ({
    bootFlag: head[at] ?? 0,
    type: head[at + 4] ?? 0,
    startChs: u32le(head, at) >>> 8,
    startLba: u32le(head, at + 8),
    sectors: u32le(head, at + 12),
  }))

const protectiveType = 0xee

export const isProtective = (head: Uint8Array): boolean =>
  looksPartitioned(head) && partitionEntries(head).some(({ type }) => type === protectiveType)

/** Why Glance's inspector refuses this MBR, following its `mbr` check. */
export function mbrRefusals(head: Uint8Array): readonly string[] {
  if (!looksPartitioned(head)) return []
  const entries = partitionEntries(head)
  const refusals: string[] = []
  const used = entries.flatMap(({ type }, index) => (type === 0 ? [] : [index]))
  for (const [index, { bootFlag, type, startChs, startLba }] of entries.entries()) {
    if (bootFlag !== 0 && bootFlag !== 0x80)
      refusals.push(`MBR partition ${index + 1} has the invalid boot flag 0x${bootFlag.toString(16)}`)
    if (type !== protectiveType) continue
    if (startChs !== 0x00_02_00) refusals.push('the protective MBR of the GPT does not start at CHS 0/0/2')
    if (startLba !== 1) refusals.push('the protective MBR of the GPT does not start at LBA 1')
  }
  if (entries.some(({ type }) => type === protectiveType) && (used.length !== 1 || used[0] !== 0))
    refusals.push('the protective MBR of the GPT defines partitions besides the protective one')
  if (used.length === 0) refusals.push('the boot sector defines no partition')
  return refusals
}
