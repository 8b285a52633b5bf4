import { allows } from './contradicts.js'
import type { DetectedFormat } from './detected-format.js'
import { foreignRemedy } from './formats/foreign.js'
import { textHint } from './formats/text.js'
import { glanceVerdict } from './glance-verdict.js'
import { type Inspection, isDisguise } from './inspection.js'
import { judgeName } from './judge-name.js'
import type { Judgement, Problem, ProblemCode } from './problem.js'

/** What the data is declared as. */
export interface Declared {
  /** `auto`, null or absent: detected from the data. */
  readonly diskFormat?: string | null | undefined
  /** @default 'bare', the only container format whose content the image service checks */
  readonly containerFormat?: string | null | undefined
  /** The path or the address of the data, whose extension promises a format. */
  readonly name?: string | undefined
}

const refusal = (code: ProblemCode, message: string, hint: string): Problem => ({
  code,
  severity: 'refused',
  message,
  hint,
})
const warning = (code: ProblemCode, message: string, hint: string): Problem => ({
  code,
  severity: 'warning',
  message,
  hint,
})

/**
 * Decides whether data can become a valid image, before a byte of it is sent: data that cannot be valid, or that Glance
 * refuses with 415 (while its `require_image_format_match` is on, which is the default), is refused; what may be wrong
 * is a warning.
 */
export function judge(inspection: Inspection, declared: Declared = {}): Judgement {
  const { containerFormat = 'bare' } = declared
  const asked = declared.diskFormat ?? 'auto'
  const diskFormat = asked === 'auto' ? sendAs(inspection) : asked
  const problems =
    (containerFormat ?? 'bare') === 'bare'
      ? judgeDisk(inspection, asked, diskFormat, declared.name)
      : judgeWrapped(inspection, containerFormat)
  const isRefused = ({ severity }: Problem): boolean => severity === 'refused'
  return {
    ...(diskFormat !== undefined && { diskFormat }),
    problems: [...problems.filter(isRefused), ...problems.filter((each) => !isRefused(each))],
  }
}

/** The disk format under which Glance accepts the content: formats that it does not recognise are declared raw. */
function sendAs({ format, diskFormat, glanceFormats }: Inspection): string | undefined {
  if (format === 'text') return 'raw'
  const isUnseen = (format === 'vhd' || format === 'iso') && !glanceFormats.includes(format)
  return isUnseen ? 'raw' : diskFormat
}

const empty = refusal('empty', 'there is no data', 'give the image itself')

const isText = ({ format, details }: Inspection): readonly Problem[] => {
  if (format !== 'text') return []
  const kind = String(details['kind'])
  return [refusal('text', `the data is ${kind}, not a disk image`, textHint(kind))]
}

/**
 * Glance does not inspect other containers. Text is refused, because it cannot be any of them; an OVF description is
 * text.
 */
function judgeWrapped(inspection: Inspection, containerFormat: string | null): readonly Problem[] {
  if (inspection.sizeBytes === 0) return [empty]
  return containerFormat === 'ovf' ? [] : isText(inspection)
}

function judgeDisk(
  inspection: Inspection,
  asked: string,
  diskFormat: string | undefined,
  name: string | undefined,
): readonly Problem[] {
  if (inspection.sizeBytes === 0) return [empty]
  const text = isText(inspection)
  if (text.length > 0) return text
  if (diskFormat === undefined) return [noDiskFormat(inspection.format)]
  const format = judgeFormat(inspection, diskFormat)
  return [
    ...format,
    ...judgeContent(inspection, diskFormat, format.length > 0),
    ...doubts(inspection, diskFormat),
    ...judgeName(inspection.format, asked, name),
  ]
}

const noDiskFormat = (format: DetectedFormat): Problem =>
  refusal(
    'no-disk-format',
    `the data is ${format}, and the image service has no disk format for it`,
    `${remedy(format)}, or name the disk format if you know better`,
  )

/** What to do with content that is not a disk. */
function remedy(format: DetectedFormat): string {
  if (format === 'zip') return 'unzip it, and give the disk image inside'
  if (format === 'tar')
    return "untar it, and give the disk image inside (an OVA goes as it is with the container format 'ova')"
  if (format === 'gzip' || format === 'xz' || format === 'zstd' || format === 'bzip2') return 'decompress it first'
  return foreignRemedy(format) ?? 'convert it first: qemu-img convert -O qcow2'
}

/** Whether the content is of the declared format, by our own rules, then by Glance's. */
function judgeFormat(inspection: Inspection, diskFormat: string): readonly Problem[] {
  const { format, glanceFormats, details } = inspection
  if (diskFormat === 'vhd' && format === 'vhd' && !glanceFormats.includes('vhd')) {
    return [
      refusal(
        'fixed-vhd',
        'the data is a fixed VHD, which only its last bytes name: the image service looks at the first ones, and refuses it as vhd',
        'declare it as raw (its footer of 512 bytes does no harm), let auto find the format, or convert it: qemu-img convert -f vpc -O vpc -o subformat=dynamic,force_size=on',
      ),
    ]
  }
  if (diskFormat === 'iso' && format === 'iso' && !glanceFormats.includes('iso')) {
    return [
      refusal(
        'udf-only',
        'the data is a UDF disc without ISO 9660: the image service knows an iso by that alone, and refuses it',
        'declare it as raw, or make the disc with ISO 9660 as well',
      ),
    ]
  }
  if (isDisguise(glanceFormats)) {
    const both = glanceFormats.join(' and ')
    return [
      refusal('several-formats', `the data is several formats at once (${both})`, 'convert it to one format first'),
    ]
  }
  const isUnseen = (format === 'iso' || format === 'vhd') && !glanceFormats.includes(format)
  if (!allows(diskFormat, format, isUnseen || details['hybrid'] === true)) {
    return [mismatch(inspection, diskFormat)]
  }
  const verdict = glanceVerdict(diskFormat, {
    ...inspection,
    safety: { ...inspection.safety, safe: true },
  })
  if (verdict.accepted) return []
  if (format === 'iso') {
    const why = 'the data is an ISO with a partition table, which the image service refuses as anything but an iso'
    return [refusal('several-formats', why, 'declare it as iso')]
  }
  return [mismatch(inspection, diskFormat)]
}

function mismatch(inspection: Inspection, diskFormat: string): Problem {
  const { format, glanceFormats } = inspection
  const message = `the data is ${format}, and the image is declared as ${diskFormat}`
  if (['aki', 'ari', 'ami'].includes(diskFormat) && glanceFormats.length > 0) {
    return refusal(
      'format-mismatch',
      `${message}: the image service takes its boot sector for a disk`,
      `give it the container format ${diskFormat}, which is not looked into`,
    )
  }
  const right = sendAs(inspection)
  return refusal(
    'format-mismatch',
    message,
    right === undefined || format === 'text'
      ? `the image service has no disk format for ${format}: ${remedy(format)}`
      : `declare it as ${right}, or let it be detected with 'auto'`,
  )
}

/** Problems that no declaration resolves. */
function judgeContent(inspection: Inspection, diskFormat: string, isRefused: boolean): readonly Problem[] {
  const { backingFile, dataFile, details, glanceFormats, safety, truncated } = inspection
  const problems: Problem[] = []
  const subformat = details['subformat']
  const isDifference = backingFile !== undefined || subformat === 'differencing' || subformat === 'undo'
  const reasons = glanceFormats.length > 0 && !safety.safe && !isDisguise(glanceFormats) ? safety.reasons : []
  if (truncated?.isSure === true)
    problems.push(
      refusal(
        'incomplete',
        `the image is not whole: ${truncated.message}`,
        'get the file again, and compare its checksum',
      ),
    )
  if (reasons.length > 0) {
    const code = isDifference ? 'backing-file' : dataFile !== undefined ? 'data-file' : 'unsupported'
    problems.push(refusal(code, `the image service refuses it: ${reasons.join('; ')}`, safetyHint(code, diskFormat)))
  } else if (isDifference && !isRefused) {
    const parent = backingFile === undefined || backingFile === '' ? '' : ` (${JSON.stringify(backingFile)})`
    const why = `the image is only the difference to another one${parent}, which the image service does not have`
    problems.push(refusal('backing-file', why, safetyHint('backing-file', diskFormat)))
  }
  return problems
}

function safetyHint(code: ProblemCode, diskFormat: string): string {
  if (code === 'backing-file') return 'make one image of both: qemu-img convert -O qcow2 IN OUT'
  if (code === 'data-file') return 'make one file of it: qemu-img convert -O qcow2 IN OUT, where IN has its other files'
  return diskFormat === 'vmdk'
    ? 'convert it: qemu-img convert -O vmdk -o subformat=streamOptimized IN OUT'
    : 'convert it: qemu-img convert -O qcow2 IN OUT'
}

/** What may be wrong, and what could not be inspected. */
function doubts(inspection: Inspection, diskFormat: string): readonly Problem[] {
  const { format, details, encrypted, safety, truncated, sizeBytes } = inspection
  const problems: Problem[] = []
  if (truncated?.isSure === false)
    problems.push(
      warning(
        'incomplete',
        `the image may be cut short: ${truncated.message}`,
        'compare its checksum, or get it again',
      ),
    )
  const known = new Set([truncated?.message])
  for (const message of safety.warnings)
    if (!known.has(message) && !message.startsWith('the image is a difference'))
      problems.push(warning('doubt', message, 'see what qemu-img check says of it'))
  if (encrypted)
    problems.push(warning('encrypted', 'the image is encrypted', 'an instance needs its key to boot from it'))
  if (diskFormat === 'raw' && format === 'vhd')
    problems.push(
      warning(
        'fixed-vhd',
        'the data is a fixed VHD, to be stored as the plain disk that it is',
        'convert it to a dynamic one if it has to be a vhd',
      ),
    )
  if (diskFormat === 'raw' && format === 'iso')
    problems.push(
      warning(
        'udf-only',
        'the data is an optical disc, to be stored as raw',
        'the image service knows a disc by ISO 9660 alone',
      ),
    )
  if (format === 'raw' && diskFormat === 'raw' && details['fileSystem'] === undefined)
    problems.push(
      warning(
        'no-boot-record',
        'nothing at its beginning says that it is a disk: no partition table, boot sector or file system is known',
        'look at it once more, unless it is a disk for data',
      ),
    )
  if (diskFormat === 'raw' && format !== 'vhd' && format !== 'iso' && sizeBytes !== undefined && sizeBytes % 512 !== 0)
    problems.push(
      warning(
        'odd-size',
        `a disk of ${sizeBytes} bytes does not end with a sector`,
        'make sure that the file is complete',
      ),
    )
  return problems
}
