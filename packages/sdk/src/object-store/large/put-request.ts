import type { Source } from '../../sources/source.js'
import type { ProgressMeter } from '../../transfer/progress.js'
import type { ObjectAddress } from '../address.js'
import type { StorageLimits } from './limits.js'

/** A put that has been checked and prepared. */
export interface PutRequest {
  readonly at: ObjectAddress
  readonly source: Source
  /** As the caller passed it. */
  readonly contentType: string
  /** `x-object-meta-…`. */
  readonly headers: Readonly<Record<string, string>>
  readonly meter: ProgressMeter
  readonly signal: AbortSignal | undefined
}

/** How it is cut into segments. */
export interface SegmentedRequest extends PutRequest {
  readonly limits: StorageLimits
  readonly segmentContainer: string
  readonly segmentSizeBytes: number
  readonly concurrency: number
  readonly resume: boolean
  readonly keepOnFailure: boolean
  /** Whether to make it of segments even if one holds all of it. */
  readonly forced: boolean
}

/** The outcome of a put, in addition to the object. */
export interface PutReport {
  /** Segments that the object is made of; 0 for one that has its own bytes. */
  readonly segmentCount: number
  /** How many of these an earlier put had left, and were not sent again. */
  readonly resumedSegments: number
  readonly resumedBytes: number
  /** Segments that are no longer used and could not be deleted, as `container/name`. */
  readonly leftSegments: readonly string[]
}

/** What is known of the object that a put has made. */
export interface PutOutcome extends PutReport {
  readonly etag: string
  readonly bytes: number
  readonly lastModified: Date | undefined
}
