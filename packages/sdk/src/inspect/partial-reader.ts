import { inspect, type Inspection, type RandomReader } from '@tyrax/disk-image'

/** As much is looked at of data that comes only from its first byte on. */
const headBytes = 2 * 1024 * 1024

/** Data of which parts can be had, or at least its beginning. */
export interface PartialData {
  readonly sizeBytes: number | undefined
  /** The bytes from `start` to before `end`, or undefined where no parts are given. */
  part(start: number, end: number): Promise<Uint8Array | undefined>
  /** The first bytes, as many as there are. Asked for once. */
  head(length: number): Promise<Uint8Array>
}

/** What is known about data from a few of its bytes. */
export interface DataInspection extends Inspection {
  /** How many bytes were read to tell. */
  readonly readBytes: number
}

/** Inspects by parts; where there are none, in the beginning alone, and warns when that was not enough. */
export async function inspectParts(data: PartialData): Promise<{ inspection: DataInspection; head: Uint8Array }> {
  let readBytes = 0
  let isOutOfReach = false
  let first: Uint8Array | undefined
  let beginning: Uint8Array | undefined

  const fromBeginning = async (start: number, end: number) => {
    if (!beginning) {
      beginning = await data.head(headBytes)
      readBytes += beginning.byteLength
    }
    const isAll = beginning.byteLength < headBytes
    if (end > beginning.byteLength && !isAll) isOutOfReach = true
    return beginning.subarray(start, end)
  }
  const reader: RandomReader = {
    ...(data.sizeBytes !== undefined && { sizeBytes: data.sizeBytes }),
    async read(offset, length) {
      const end = offset + length
      const part = beginning ? undefined : await data.part(offset, end)
      readBytes += part?.byteLength ?? 0
      const bytes = part ?? (await fromBeginning(offset, end))
      first ??= bytes
      return bytes
    },
  }
  const inspection = await inspect(reader)
  const { safety } = inspection
  const warnings = isOutOfReach ? [...safety.warnings, outOfReach] : safety.warnings
  return { inspection: { ...inspection, safety: { ...safety, warnings }, readBytes }, head: first ?? new Uint8Array() }
}

const outOfReach =
  'only the first 2 MiB could be looked at, and the format keeps more elsewhere: inspect a local copy to be sure'

/** The first bytes of a stream, which is let go of when it has more. */
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
