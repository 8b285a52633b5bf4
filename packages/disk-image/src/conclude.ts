import { glanceMatches, strayRefusals } from './detect.js'
import type { Detail, Finding, Format } from './format.js'
import type { Inspection } from './inspection.js'
import { isDisguise } from './inspection.js'

const safeMax = BigInt(Number.MAX_SAFE_INTEGER)

const exact = (value: bigint): number | string => (value <= safeMax ? Number(value) : value.toString())

function virtualSize(finding: Finding, sizeBytes: number | undefined): bigint | undefined {
  if (typeof finding.virtualSize !== 'object') return finding.virtualSize
  if (sizeBytes === undefined) return undefined
  const rest = BigInt(sizeBytes) - finding.virtualSize.fileMinus
  return rest > 0n ? rest : 0n
}

/** The largest unmet need; certain ones take precedence. */
function truncation({ cutOff, needs = [] }: Finding, sizeBytes: number | undefined): Inspection['truncated'] {
  if (cutOff !== undefined) return { message: cutOff, isSure: true }
  if (sizeBytes === undefined) return undefined
  const unmet = needs.filter(({ bytes }) => bytes > BigInt(sizeBytes))
  const sure = unmet.filter(({ bytes, slack = 0n, isSoft }) => !isSoft && bytes - slack > BigInt(sizeBytes))
  const isSure = sure.length > 0
  const [first, ...others] = isSure ? sure : unmet
  if (!first) return undefined
  const most = others.reduce((one, other) => (other.bytes > one.bytes ? other : one), first)
  const { bytes, what } = most
  const promise = what === undefined ? `its headers promise at least ${bytes}` : `${what} byte ${bytes - 1n}`
  return { message: `the file ends at byte ${sizeBytes}, ${promise}`, isSure }
}

/** Turns the finding of a walk into the public result. */
export function conclude(
  format: Format,
  finding: Finding,
  head: Uint8Array,
  sizeBytes: number | undefined,
): Inspection {
  const glanceFormats = glanceMatches(head)
  const size = virtualSize(finding, sizeBytes)
  const details: Record<string, Detail> = {}
  for (const [name, value] of Object.entries(finding.details ?? {}))
    if (value !== undefined && value !== '') details[name] = typeof value === 'bigint' ? exact(value) : value
  const reasons = [...(finding.refusals ?? []), ...strayRefusals(format, glanceFormats, head)]
  if (isDisguise(glanceFormats)) reasons.push(`the content is several formats at once: ${glanceFormats.join(', ')}`)
  const warnings = [...(finding.warnings ?? [])]
  const cut = truncation(finding, sizeBytes)
  if (cut) warnings.push(cut.message)
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
    ...(cut && { truncated: cut }),
    ...(finding.isPartial && { isPartial: true }),
    glanceFormats,
  }
}
