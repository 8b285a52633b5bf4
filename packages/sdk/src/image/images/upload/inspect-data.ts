import { type Declared, type Inspection, judge, type Problem, StreamInspector } from '@tyrax/disk-image'
import { DiskFormatMismatch, DiskImageRefused, SourceError } from '../../../errors/transfer-errors.js'
import { type TyraxError, UsageError } from '../../../errors/tyrax-error.js'
import { partsOf } from '../../../inspect/inspect-source.js'
import { inspectParts, isStructured } from '../../../inspect/partial-reader.js'
import { blobAfterReading } from '../../../sources/blob-source.js'
import { readThrough } from '../../../sources/read-through.js'
import type { OpenOptions, Source } from '../../../sources/source.js'
import { meterProgress } from '../../../transfer/progress.js'
import type { DeclaredFormats, OpenedSource } from './open-source.js'
import type { SendOptions, SourceReport } from './options.js'

/** Data that has passed the checks and may be sent. */
export interface InspectedData {
  /** The disk format to declare. */
  readonly diskFormat: string
  /** The data; what could not be inspected before is inspected while it is read. */
  readonly source: Source
  readonly report: Pick<SourceReport, 'warnings'>
}

/**
 * Inspects the data before anything is created or sent.
 * @throws SourceError for data that cannot be read or is empty; DiskImageRefused, DiskFormatMismatch; UsageError when
 * `auto` finds a format that the image service has no name for
 */
export async function inspectData(
  { source, content }: OpenedSource,
  { diskFormat: asked, containerFormat }: DeclaredFormats,
  options: SendOptions,
): Promise<InspectedData> {
  const { force = false, signal } = options
  const meter = meterProgress(options.onProgress, 'inspect')
  const { label } = source
  const declared = { diskFormat: asked, containerFormat, name: label }
  const { inspection, isPartial } = await inspectParts(partsOf(content, signal), declared)
  meter.add(inspection.readBytes)
  meter.end()
  const refuse = (refusals: readonly Problem[], detected: string): TyraxError =>
    refusalOf(label, refusals, { asked, detected })
  const refusals = inspection.problems.filter(({ severity }) => severity === 'refused')
  if (refusals.length > 0 && !force) throw refuse(refusals, inspection.format)
  // What has not been inspected now is inspected while it is sent, unless `force` is set.
  const isChecked = containerFormat === 'bare' && !force && (isPartial || source.size === undefined)
  const warnings = inspection.problems.filter(({ code }) => code !== 'partly-seen')
  for (const each of warnings) options.onWarning?.(each)
  return {
    diskFormat: inspection.declareAs ?? 'raw',
    source: isChecked ? inspectedInPassing(source, inspection, declared, refuse) : source,
    report: warnings.length > 0 ? { warnings } : {},
  }
}

/**
 * The same source, inspected while it is read: whether a pipe is cut short shows only at its end. The last chunk is
 * withheld until then, so that the server never has all of an image that is refused.
 */
function inspectedInPassing(
  source: Source,
  seen: Inspection,
  declared: Declared,
  refuse: (refusals: readonly Problem[], detected: string) => Error,
): Source {
  if (!isStructured(seen)) return source
  const inspected: Source = readThrough(source, {
    get seekable() {
      return source.seekable
    },
    blob: blobAfterReading(source, (signal) => inspected.open({ signal })),
    async *open({ start, end, signal }: OpenOptions = {}) {
      if ((start ?? 0) > 0) {
        yield* source.open({ start, end, signal })
        return
      }
      const inspector = new StreamInspector()
      let last: Uint8Array | undefined
      for await (const chunk of source.open({ signal })) {
        if (last) yield last
        inspector.write(chunk)
        last = chunk
      }
      const found = inspector.finish()
      const refusals = judge(found, declared).problems.filter(({ severity }) => severity === 'refused')
      if (refusals.length > 0) throw refuse(refusals, found.format)
      if (last) yield last
    },
  })
  return inspected
}

/** One error for everything that is refused, with a hint for each. */
function refusalOf(
  label: string,
  problems: readonly Problem[],
  { asked, detected }: { asked: string; detected: string },
): TyraxError {
  const message = `${label}: ${problems.map((each) => each.message).join('; ')}`
  const hints = [...new Set(problems.map((each) => each.hint))]
  const hint = `${hints.join('; ')}; force: true (--force) sends it all the same`
  const codes = new Set(problems.map(({ code }) => code))
  if (codes.has('empty')) return new SourceError(`${label} is empty`, { hint })
  if (codes.has('no-disk-format') && asked === 'auto') return new UsageError(message, { hint })
  const isMismatch = asked !== 'auto' && mismatches.some((code) => codes.has(code))
  return isMismatch
    ? new DiskFormatMismatch(message, { declared: asked, detected, problems, hint })
    : new DiskImageRefused(message, { problems, hint })
}

const mismatches = ['format-mismatch', 'text', 'fixed-vhd', 'udf-only'] as const
