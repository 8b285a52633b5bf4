import { type Declared, inspect, type Inspection, judge, type Problem } from '@tyrax/disk-image'

/** How much is inspected of data that can only be read from its first byte on. */
export const headBytes = 2 * 1024 * 1024

/** Data of which ranges, or at least the beginning, can be read. */
export interface PartialData {
  readonly sizeBytes: number | undefined
  /** The bytes from `start` to before `end`; undefined when ranges are not available. */
  part(start: number, end: number): Promise<Uint8Array | undefined>
  /** The first `length` bytes, or fewer if the data is shorter. Called once. */
  head(length: number): Promise<Uint8Array>
}

/** What a few bytes of data reveal about it. */
export interface DataInspection extends Inspection {
  /** How many bytes were read for the inspection. */
  readonly readBytes: number
  /** What would be refused, and what may be wrong, in an image made of it; each with a hint. Refusals come first. */
  readonly problems: readonly Problem[]
  /** The disk format to declare for it; absent when the image service has none for it. */
  readonly declareAs?: string
}

/** The result of inspecting ranges of data. */
export interface Looked {
  readonly inspection: DataInspection
  readonly head: Uint8Array
  /** Something relevant lies where it could not be read. */
  readonly isPartial: boolean
}

/** Whether the format has tables with offsets into the file, or a significant end; a raw disk has neither. */
export const isStructured = ({ format }: Inspection): boolean => structured.has(format)

const structured = new Set(['qcow2', 'vmdk', 'vhd', 'vhdx', 'vdi', 'ploop', 'iso'])

/** Inspects data by ranges; without ranges only the beginning, with a warning when that was not enough. */
export async function inspectParts(data: PartialData, declared: Declared = {}): Promise<Looked> {
  let readBytes = 0
  let isOutOfReach = false
  let first: Uint8Array | undefined
  let beginning: Uint8Array | undefined
  let { sizeBytes } = data

  const begin = async (): Promise<Uint8Array> => {
    if (!beginning) {
      beginning = await data.head(headBytes)
      readBytes += beginning.byteLength
      if (beginning.byteLength < headBytes) sizeBytes ??= beginning.byteLength
    }
    return beginning
  }
  const fromBeginning = async (start: number, end: number) => {
    const bytes = beginning ?? (start < headBytes ? await begin() : undefined)
    if (bytes && (bytes.byteLength < headBytes || end <= headBytes)) return bytes.subarray(start, end)
    isOutOfReach = true
    return undefined
  }
  const read = async (offset: number, length: number) => {
    const end = offset + length
    const part = beginning ? undefined : await data.part(offset, end)
    readBytes += part?.byteLength ?? 0
    const bytes = part ?? (await fromBeginning(offset, end))
    first ??= bytes
    return bytes
  }
  const look = () => inspect({ ...(sizeBytes !== undefined && { sizeBytes }), read })

  let found = await look()
  if (found.sizeBytes === undefined && isStructured(found)) {
    await begin()
    if (sizeBytes !== undefined) found = await look()
    else isOutOfReach = true
  }
  const isPartial = isOutOfReach || found.isPartial === true
  const { safety } = found
  const warnings = isPartial ? [...safety.warnings, outOfReach.message] : safety.warnings
  const { problems, diskFormat } = judge(found, declared)
  const inspection = {
    ...found,
    safety: { ...safety, warnings },
    problems: isPartial ? [...problems, outOfReach] : problems,
    ...(diskFormat !== undefined && { declareAs: diskFormat }),
    readBytes,
  }
  return { inspection, head: first ?? new Uint8Array(), isPartial }
}

const outOfReach: Problem = {
  code: 'partly-seen',
  severity: 'warning',
  message: 'only the first 2 MiB could be looked at, and the format keeps more elsewhere',
  hint: 'inspect a local copy to be sure',
}

/** The first bytes of a stream, which is closed if it has more. */
export async function gather(stream: AsyncIterable<Uint8Array>, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let filled = 0
  for await (const chunk of stream) {
    bytes.set(chunk.subarray(0, length - filled), filled)
    filled += Math.min(chunk.byteLength, length - filled)
    if (filled === length) break
  }
  return bytes.subarray(0, filled)
}
