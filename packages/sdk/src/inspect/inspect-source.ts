import { peekLength } from '@tyrax/disk-image'
import type { DiskFormat } from '@tyrax/protocol'
import { SourceError } from '../errors/transfer-errors.js'
import type { Platform } from '../platform/platform.js'
import { type Compression, compressionOf } from '../platform/compression.js'
import { decompressed } from '../sources/decompress/decompressed.js'
import type { Source } from '../sources/source.js'
import { type SourceLike, toSource } from '../sources/to-source.js'
import { type DataInspection, gather, headBytes, inspectParts, type PartialData } from './partial-reader.js'

/** What `inspectSource` takes. */
export interface InspectSourceOptions {
  /** What it is to be declared as; problems are judged by it. @default 'auto' */
  readonly diskFormat?: 'auto' | DiskFormat | undefined
  readonly signal?: AbortSignal | undefined
}

/** What is known about a source from a few of its bytes. */
export interface SourceInspection extends DataInspection {
  /** What is in it, when it is compressed in a way that `create` and `upload` undo; the problems are of that. */
  readonly content?: DataInspection
}

/** Looks into data; see the runtimes' `inspectSource`. */
export async function inspectSource(
  platform: Platform,
  data: SourceLike,
  options: InspectSourceOptions = {},
): Promise<SourceInspection> {
  const { diskFormat = 'auto', signal } = options
  const source = toSource(data)
  let inner: Source | undefined
  try {
    await source.prepare(signal)
    const declared = { diskFormat, name: source.label }
    const { inspection, head } = await inspectParts(partsOf(source, signal), declared)
    const compression: Compression | undefined = compressionOf(head)
    if (compression === undefined || inspection.problems.every(({ severity }) => severity !== 'refused')) {
      return inspection
    }
    inner = decompressed(source, compression, platform)
    const { inspection: content } = await inspectParts(partsOf(inner, signal), declared)
    const { declareAs, problems } = content
    return { ...inspection, problems, ...(declareAs !== undefined && { declareAs }), content }
  } finally {
    await (inner ?? source).close?.()
  }
}

/** What can be seen of a source before it is read: any part of it, or its beginning. */
export function partsOf(source: Source, signal: AbortSignal | undefined): PartialData {
  const canSeek = source.seekable ?? source.replayable
  return {
    sizeBytes: source.size,
    async part(start, end) {
      if (end <= peekLength || (!canSeek && end <= headBytes)) {
        return source.peek(end, signal).then((head) => head.subarray(start))
      }
      if (!canSeek) return undefined
      try {
        return await gather(source.open({ start, end, signal }), end - start)
      } catch (error) {
        // A web server without ranges; what else is wrong shows when the beginning is read.
        if (error instanceof SourceError) return undefined
        throw error
      }
    },
    head: (length) => source.peek(length, signal),
  }
}
