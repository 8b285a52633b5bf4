import { contradicts, peekLength, type Problem } from '@tyrax/disk-image'
import { UsageError } from '../../../errors/tyrax-error.js'
import { type CheckedSource, checkedSource, comparableHash } from '../../../sources/checksum/checked-source.js'
import type { ChecksumLike } from '../../../sources/checksum/find-checksum.js'
import { publishedChecksum } from '../../../sources/checksum/published-checksum.js'
import { type Compression, compressionOf } from '../../../platform/compression.js'
import { decompressed } from '../../../sources/decompress/decompressed.js'
import { sendable } from '../../../sources/sendable.js'
import type { Source } from '../../../sources/source.js'
import { rateLimits } from '../../../transfer/transfer-limits.js'
import type { Verdict } from '../../../transfer/verdict.js'
import type { ImageContext } from '../context.js'
import type { SendOptions, SourceOptions, SourceReport } from './options.js'

/**
 * The published checksum under either of its names.
 * @throws UsageError for two that differ
 */
export function checksumIn({ sourceChecksum, checksum }: SourceOptions): ChecksumLike | undefined {
  if (sourceChecksum === undefined || checksum === undefined) return sourceChecksum ?? checksum
  const text = (given: ChecksumLike) => (given instanceof URL ? given.href : given)
  if (text(sourceChecksum) === text(checksum)) return sourceChecksum
  throw new UsageError('sourceChecksum and checksum are two names for one option, and they differ', {
    hint: 'give sourceChecksum alone',
  })
}

/** A source ready to be sent. */
export interface OpenedSource {
  readonly source: Source
  /** The same bytes, for inspection: without the comparison with a checksum, which needs all of them. */
  readonly content: Source
  /** What has been done to it so far. */
  report(): SourceReport
}

/** What an image's data is declared as. */
export interface DeclaredFormats {
  /** `auto`: detected from the data. */
  readonly diskFormat: string
  readonly containerFormat: string
}

/**
 * Wraps a source in what the options ask for: decompression, checksum. Nothing is created or sent yet.
 * @throws SourceError; UsageError for a checksum that is invalid or cannot be computed here
 */
export async function openSource(
  { platform, client, transfers }: Pick<ImageContext, 'platform' | 'client' | 'transfers'>,
  given: Source,
  declared: DeclaredFormats,
  options: SourceOptions & SendOptions,
): Promise<OpenedSource> {
  const { decompress, signal } = options
  if (client.wholeBodies && rateLimits(transfers, options.limitRate).length > 0) {
    throw new UsageError('uploads cannot be limited to a rate here: the browser sends data as fast as it can', {
      hint: 'leave out limitRate and transfers.maxBytesPerSecond, or upload with Node.js',
    })
  }
  if (![undefined, 'auto', false].includes(decompress)) {
    throw new UsageError(`decompress is ${JSON.stringify(decompress)}: it is 'auto' or false`)
  }
  const checksum = checksumIn(options)
  await given.prepare(signal)
  const expected = await publishedChecksum(platform, checksum, given.label, signal)
  const compression = decompress === false ? undefined : await toUndo(given, declared, signal)
  // Otherwise it is compared while it is hashed to be sent.
  const isOther = compression !== undefined || client.wholeBodies !== undefined
  const own = isOther ? await comparableHash(platform, given.hashes) : undefined
  const origin = own ? checkedSource(given, own, platform) : given
  const checked = expected && checkedSource(origin, expected, platform)
  const source = checked ?? origin
  let warning: Problem | undefined
  const inside =
    compression &&
    decompressed(source, compression, platform, (bytes) => {
      // It is the same warning when the source is read again.
      if (warning) return
      warning = trailing(given.label, compression, bytes)
      options.onWarning?.(warning)
    })
  const sent = await sendable(inside ?? source, client.wholeBodies, signal)
  return {
    source: sent,
    content: inside ? sent : given.blob || !client.wholeBodies ? given : sent,
    report: () => ({
      ...(compression && { decompressed: compression }),
      ...(warning && { warnings: [warning] }),
      ...(expected && checked && { sourceChecksum: { ...expected, verdict: verdictOf(checked) } }),
    }),
  }
}

const trailing = (label: string, compression: Compression, bytes: number): Problem => ({
  code: 'trailing-bytes',
  severity: 'warning',
  message: `the ${compression} data of ${label} is followed by ${bytes} bytes that do not belong to it`,
  hint: 'make sure that the file is complete',
})

/** Combines the reports of what was done to a source and what was found in it. */
export function joinReports(...reports: readonly SourceReport[]): SourceReport {
  const warnings = reports.flatMap((each) => each.warnings ?? [])
  return Object.assign({}, ...reports, warnings.length > 0 ? { warnings } : {}) as SourceReport
}

const verdictOf = (checked: CheckedSource): Verdict => (checked.isVerified ? 'verified' : 'unverifiable')

/** The compression to undo: an image whose declared format may itself be compressed stays compressed. */
async function toUndo(
  source: Source,
  { diskFormat, containerFormat }: DeclaredFormats,
  signal: AbortSignal | undefined,
): Promise<Compression | undefined> {
  if (containerFormat !== 'bare') return undefined
  const head = await source.peek(peekLength, signal)
  const isInTheWay = diskFormat === 'auto' || contradicts(diskFormat, head) !== undefined
  return isInTheWay ? compressionOf(head) : undefined
}
