import { peekLength } from '@tyrax/disk-image'
import { SourceError } from '../errors/transfer-errors.js'
import type { Source } from '../sources/source.js'
import { type SourceLike, toSource } from '../sources/to-source.js'
import { type DataInspection, gather, inspectParts } from './partial-reader.js'

export interface InspectSourceOptions {
  readonly signal?: AbortSignal | undefined
}

/**
 * Looks into a file, a URL or a stream without reading it whole: at most 2 MiB of it, wherever its format keeps what
 * matters. Content, however hostile, never makes it throw. A stream is looked at from its beginning, and is then spent.
 * @throws SourceError when it cannot be read
 */
export async function inspectSource(data: SourceLike, options: InspectSourceOptions = {}): Promise<DataInspection> {
  const { signal } = options
  const source = toSource(data)
  try {
    await source.prepare(signal)
    const { inspection } = await inspectParts({
      sizeBytes: source.size,
      part: (start, end) => partOf(source, start, end, signal),
      head: (length) => source.peek(length, signal),
    })
    return inspection
  } finally {
    await source.close?.()
  }
}

async function partOf(
  source: Source,
  start: number,
  end: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  if (end <= peekLength) return source.peek(end, signal).then((head) => head.subarray(start))
  if (!source.replayable) return undefined
  try {
    return await gather(source.open({ start, end, signal }), end - start)
  } catch (error) {
    // A web server that gives no parts; what else is wrong shows when the beginning is read.
    if (error instanceof SourceError) return undefined
    throw error
  }
}
