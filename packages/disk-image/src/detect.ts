import type { DetectedFormat } from './detected-format.js'
import type { Format } from './format.js'
import { mbrRefusals } from './formats/boot-sector.js'
import { formats, raw } from './formats/index.js'

/**
 * The number of first bytes that {@link detectFormat} and `contradicts` need: enough for an ISO's descriptors and a
 * VMDK's text.
 */
export const peekLength = 65_536

export const recognise = (head: Uint8Array): Format => formats.find((format) => format.recognises(head)) ?? raw

/**
 * The format of the content, from its first bytes alone; `raw` when nothing is recognised. Never throws.
 *
 * @param head The first {@link peekLength} bytes, or all of a shorter file.
 */
export const detectFormat = (head: Uint8Array): DetectedFormat => recognise(head).name

/** The names under which Glance's inspector (oslo.utils `format_inspector`) matches this content. */
export const glanceMatches = (head: Uint8Array): readonly string[] => [
  ...new Set(formats.flatMap((format) => (format.glanceName && format.glanceSees?.(head) ? [format.glanceName] : []))),
]

/**
 * Glance's check of the boot sector, for content of another format that Glance takes for a partitioned disk: for
 * example a compressed file whose bytes 510 and 511 happen to be 55 AA.
 */
export function strayRefusals(format: Format, glanceFormats: readonly string[], head: Uint8Array): readonly string[] {
  const isStray = glanceFormats.length === 1 && glanceFormats[0] === 'gpt' && format.glanceName !== 'gpt'
  return isStray ? mbrRefusals(head) : []
}

const diskFormats = new Map([...formats, raw].map((format) => [format.name, format.diskFormat]))

/**
 * Glance's `disk_format` for a detected format: raw for disks without a format of their own; undefined when Glance has
 * none.
 */
export const glanceDiskFormat = (format: DetectedFormat): string | undefined => diskFormats.get(format)
