import { contradicts, type DetectedFormat, detectFormat, glanceDiskFormat, peekLength } from '@tyrax/disk-image'
import { DiskFormatMismatch, SourceError } from '../../errors/transfer-errors.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { isCompression } from '../../sources/decompress/compression.js'
import type { Source } from '../../sources/source.js'
import { meterProgress } from '../../transfer/progress.js'
import type { TransferOptions } from './options.js'

export interface InspectOptions extends TransferOptions {
  readonly diskFormat: string
  readonly containerFormat: string
  readonly force?: boolean | undefined
}

/**
 * Looks at the first bytes before anything is made or sent.
 * @returns the disk format to declare
 * @throws SourceError for data that cannot be read or is empty; DiskFormatMismatch; UsageError when `auto` finds
 * something that is no disk
 */
export async function inspectData(source: Source, options: InspectOptions): Promise<string> {
  const { diskFormat, containerFormat, force = false, signal } = options
  const meter = meterProgress(options.onProgress, 'inspect')
  await source.prepare(signal)
  const head = await source.peek(peekLength, signal)
  meter.add(head.byteLength)
  meter.end()
  if (head.byteLength === 0 && !force) {
    throw new SourceError(`${source.label} is empty`, { hint: 'give the image itself; force sends it all the same' })
  }
  if (diskFormat === 'auto') return detected(source, head)
  if (force || containerFormat !== 'bare') return diskFormat
  const other = contradicts(diskFormat, head)
  if (other === undefined) return diskFormat
  const right = glanceDiskFormat(other)
  throw new DiskFormatMismatch(`${source.label} is ${other}, and the image is declared as ${diskFormat}`, {
    declared: diskFormat,
    detected: other,
    hint:
      right === undefined
        ? `the image service has no disk format for ${other}: ${remedy(other)}`
        : `declare it as ${right}, or let it be detected with 'auto'; force sends it all the same`,
  })
}

function detected(source: Source, head: Uint8Array): string {
  const format = detectFormat(head)
  const diskFormat = glanceDiskFormat(format)
  if (diskFormat !== undefined) return diskFormat
  throw new UsageError(`${source.label} is ${format}: the image service has no disk format for it`, {
    hint: `${remedy(format)}, or name the disk format if you know better`,
  })
}

/** What to do with content that is no disk. */
function remedy(format: DetectedFormat): string {
  if (format === 'zip') return 'unzip it, and give the disk image inside'
  if (format === 'tar')
    return "untar it, and give the disk image inside (an OVA goes as it is with the container format 'ova')"
  if (isCompression(format)) return 'decompress it first'
  return 'convert it first'
}
