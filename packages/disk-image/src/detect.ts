import type { DetectedFormat } from './detected-format.js'
import type { Format } from './format.js'
import { mbrRefusals } from './formats/boot-sector.js'
import { formats, raw } from './formats/index.js'

/** How many first bytes {@link detectFormat} and `contradicts` want: enough for an ISO's descriptors and a VMDK's text. */
export const peekLength = 65_536

export const recognise = (head: Uint8Array): Format => formats.find((format) => format.recognises(head)) ?? raw

/**
 * What the content is, from its first bytes alone; `raw` when nothing is recognised. Never throws.
 *
 * @param head The first {@link peekLength} bytes, or all of a shorter file.
 */
export const detectFormat = (head: Uint8Array): DetectedFormat => recognise(head).name

/** The names under which Glance's inspector (oslo.utils `format_inspector`) matches this content. */
export const glanceMatches = (head: Uint8Array): readonly string[] => [
  ...new Set(formats.flatMap((format) => (format.glanceName && format.glanceSees?.(head) ? [format.glanceName] : []))),
]

/**
 * Glance's check of the boot sector, for content that is something else to us and a partitioned disk to Glance:
 * a compressed file whose bytes 510 and 511 happen to be 55 AA, say.
 */
export function strayRefusals(format: Format, glanceFormats: readonly string[], head: Uint8Array): readonly string[] {
  const isStray = glanceFormats.length === 1 && glanceFormats[0] === 'gpt' && format.glanceName !== 'gpt'
  return isStray ? mbrRefusals(head) : []
}

const diskFormats = new Map([...formats, raw].map((format) => [format.name, format.diskFormat]))

/** Glance's `disk_format` for a recognised format: raw for whatever is a disk without a format of its own; absent when Glance has none. */
export const glanceDiskFormat = (format: DetectedFormat): string | undefined => diskFormats.get(format)
