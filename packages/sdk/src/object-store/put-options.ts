import { UsageError } from '../errors/tyrax-error.js'
import type { OnProgress } from '../transfer/progress.js'
import { containerPath } from './address.js'
import type { Metadata } from './headers.js'

/** What `objects.put` takes. */
export interface ObjectPutOptions {
  /** @default 'application/octet-stream' */
  readonly contentType?: string | undefined
  /**
   * How the bytes are encoded, such as `gzip`; they are sent as they are. Web clients decode them when they fetch them.
   */
  readonly contentEncoding?: string | undefined
  readonly metadata?: Metadata | undefined
  /**
   * Whether the object is made of segments (a static large object). true: always; false: never, so that the call fails
   * where the server does not accept an object of that size.
   * @default true when it is larger than `segmentSizeBytes`, which for a stream may show only while it is read
   */
  readonly segmented?: boolean | undefined
  /**
   * Bytes per segment. Grows automatically where the server would not accept that number of segments.
   * @default 1 GiB (1_073_741_824), or the server's maximum; in browsers, for data that is not a Blob or File, a
   * quarter of `maxBufferedBytes`
   */
  readonly segmentSizeBytes?: number | undefined
  /** The container of the segments, created when it does not exist. @default '<container>_segments' */
  readonly segmentContainer?: string | undefined
  /**
   * Number of segments sent at once, from 1 to 32. The segments of a source that can be read only once, or does not
   * know its size, are sent one after the other. Each costs some 10 MiB of memory and, where segments are large, a
   * thread that hashes.
   * @default 4: enough for a line on which one connection is slow, and no more than servers can bear from every client
   */
  readonly concurrency?: number | undefined
  /**
   * Use segments that an earlier put of the same object left, if their bytes equal those of the source, which is read
   * for the comparison. For sources that can be read again and know their size.
   * @default true
   */
  readonly resume?: boolean | undefined
  /** Leave the segments that were sent when the put fails, so that the next one can resume. @default false */
  readonly keepOnFailure?: boolean | undefined
  /** Aborts the put; what it has sent is removed. */
  readonly signal?: AbortSignal | undefined
  /** Counts all segments together, in the phase `upload`. */
  readonly onProgress?: OnProgress | undefined
}

export const defaultSegmentSizeBytes = 1024 ** 3
export const defaultConcurrency = 4
const mostAtOnce = 32

/** @throws UsageError for values out of bounds */
export function checkPutOptions({
  segmentSizeBytes,
  segmentContainer,
  concurrency,
  segmented,
}: ObjectPutOptions): void {
  checkNumber('segmentSizeBytes', segmentSizeBytes, Number.MAX_SAFE_INTEGER)
  checkNumber('concurrency', concurrency, mostAtOnce)
  if (segmentContainer !== undefined) containerPath(segmentContainer)
  if (segmented === false && (segmentSizeBytes !== undefined || segmentContainer !== undefined)) {
    throw new UsageError('an object that is not to be segmented has no segment size and no segment container')
  }
}

function checkNumber(name: string, value: number | undefined, most: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 1 && value <= most)) return
  const range = most === Number.MAX_SAFE_INTEGER ? 'of at least 1' : `from 1 to ${most}`
  throw new UsageError(`${name} is ${value}: it must be a whole number ${range}`)
}
