import { UsageError } from '../../errors/tyrax-error.js'
import type { StorageLimits } from './limits.js'

/** How an object of known size is cut. */
export interface SegmentPlan {
  /** Of every segment but the last, which may be smaller. */
  readonly segmentSizeBytes: number
  readonly count: number
}

const MiB = 1024 ** 2

/**
 * Cuts `sizeBytes` into segments of the size that is wanted, or of a larger one where those would be too many.
 * @throws UsageError for a size that no number of segments can have
 */
export function planSegments(sizeBytes: number, wantedBytes: number, limits: StorageLimits): SegmentPlan {
  const { maxObjectBytes, maxSegments } = limits
  if (sizeBytes > maxObjectBytes * maxSegments) {
    throw new UsageError(
      `${sizeBytes} bytes are more than the server takes: ${maxSegments} segments of ${maxObjectBytes} bytes`,
    )
  }
  const fewest = Math.ceil(sizeBytes / maxSegments)
  // In whole MiB, as people would choose it, as far as that fits.
  const grown = Math.min(Math.ceil(fewest / MiB) * MiB, maxObjectBytes)
  const segmentSizeBytes = fewest > wantedBytes ? grown : wantedBytes
  return { segmentSizeBytes, count: Math.ceil(sizeBytes / segmentSizeBytes) }
}

/** The bytes of one segment, `end` exclusive. */
export function spanOfSegment(index: number, plan: SegmentPlan, sizeBytes: number): { start: number; end: number } {
  const start = index * plan.segmentSizeBytes
  return { start, end: Math.min(start + plan.segmentSizeBytes, sizeBytes) }
}

/** After so many parts of the allowed number, the segments of a stream of unknown size become twice as large. */
const steps = 10

/** How large a segment of a stream of unknown size may be: as wanted at first, and growing, so that they suffice. */
export function streamSegmentSize(index: number, wantedBytes: number, limits: StorageLimits): number {
  const step = Math.floor(index / Math.max(1, Math.floor(limits.maxSegments / steps)))
  return Math.min(wantedBytes * 2 ** step, limits.maxObjectBytes)
}
