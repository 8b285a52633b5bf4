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
  /** The format to declare, by which problems are judged. @default 'auto' */
  readonly diskFormat?: 'auto' | DiskFormat | undefined
  readonly signal?: AbortSignal | undefined
}

/** What a few bytes of a source reveal about it. */
export interface SourceInspection extends DataInspection {
  /** The decompressed content, when `create` and `upload` would decompress it; the problems refer to this content. */
  readonly content?: DataInspection
}

/** Inspects data; see the runtimes' `inspectSource`. */
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

/** What can be inspected before a source is read: any range of it, or only its beginning. */
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
        // The web server does not support ranges; any other problem shows when the beginning is read.
        if (error instanceof SourceError) return undefined
        throw error
      }
    },
    head: (length) => source.peek(length, signal),
  }
}
