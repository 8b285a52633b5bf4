import type { DetectedFormat } from './detected-format.js'
import type { Detail, Finding, Format } from './format.js'

/** What is known about an image from a few of its bytes. */
export interface Inspection {
  readonly format: DetectedFormat
  /** Bytes of the disk a guest sees; absent when unknown or above 2^53-1 (then `details.virtualSize` has it as text). */
  readonly virtualSizeBytes?: number
  /** Length of the file, when known. */
  readonly sizeBytes?: number
  /** Glance's `disk_format` for it; absent when Glance has none (compressed files, archives, qcow 1, QED). */
  readonly diskFormat?: string
  /** Facts of the format: subformat, version, cluster size, features. Text from the file is stripped of control characters. */
  readonly details: Readonly<Record<string, Detail>>
  /** The other file this image needs as its base, as the image names it. */
  readonly backingFile?: string
  /** The external file that holds the guest's data, as the image names it. */
  readonly dataFile?: string
  readonly encrypted: boolean
  readonly safety: {
    /** False when Glance's own inspector refuses such content whatever `disk_format` is declared. */
    readonly safe: boolean
    /** Why not. */
    readonly reasons: readonly string[]
    /** Not refused by Glance, yet in the way of using the image: a missing parent, a file that ends too early. */
    readonly warnings: readonly string[]
  }
  /** The names under which Glance's inspector matches; two (but iso with gpt) are refused as a disguise. */
  readonly glanceFormats: readonly string[]
}

const safeMax = BigInt(Number.MAX_SAFE_INTEGER)

const exact = (value: bigint): number | string => (value <= safeMax ? Number(value) : value.toString())

function virtualSize(finding: Finding, sizeBytes: number | undefined): bigint | undefined {
  if (typeof finding.virtualSize !== 'object') return finding.virtualSize
  if (sizeBytes === undefined) return undefined
  const rest = BigInt(sizeBytes) - finding.virtualSize.fileMinus
  return rest > 0n ? rest : 0n
}

/** Turns what a walk found into the public result. */
export function conclude(
  format: Format,
  finding: Finding,
  sizeBytes: number | undefined,
  glanceFormats: readonly string[],
): Inspection {
  const size = virtualSize(finding, sizeBytes)
  const details: Record<string, Detail> = {}
  for (const [name, value] of Object.entries(finding.details ?? {}))
    if (value !== undefined && value !== '') details[name] = typeof value === 'bigint' ? exact(value) : value
  const reasons = [...(finding.refusals ?? [])]
  if (isDisguise(glanceFormats)) reasons.push(`the content is several formats at once: ${glanceFormats.join(', ')}`)
  const warnings = [...(finding.warnings ?? [])]
  if (finding.needsBytes !== undefined && sizeBytes !== undefined && finding.needsBytes > BigInt(sizeBytes))
    warnings.push(`the file ends at byte ${sizeBytes}, its headers promise at least ${finding.needsBytes}`)
  const { name, diskFormat } = finding.identity ?? format
  const whole = size !== undefined && size <= safeMax
  if (size !== undefined && !whole) details['virtualSize'] = size.toString()
  return {
    format: name,
    ...(whole && { virtualSizeBytes: Number(size) }),
    ...(sizeBytes !== undefined && { sizeBytes }),
    ...(diskFormat !== undefined && { diskFormat }),
    details,
    ...(finding.backingFile !== undefined && { backingFile: finding.backingFile }),
    ...(finding.dataFile !== undefined && { dataFile: finding.dataFile }),
    encrypted: finding.encrypted ?? false,
    safety: { safe: reasons.length === 0, reasons, warnings },
    glanceFormats,
  }
}

/** Bootable ISOs carry a partition table on purpose; any other pair is one format hidden in another (Glance `location.py`). */
export const isDisguise = (names: readonly string[]): boolean =>
  names.length > 1 && !(names.length === 2 && names.includes('iso') && names.includes('gpt'))
