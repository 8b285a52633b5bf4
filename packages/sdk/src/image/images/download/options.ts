import { shown } from '../../../errors/shown.js'
import { UsageError } from '../../../errors/tyrax-error.js'
import { type RetryPolicy, retryPolicy } from '../../../retry/policies.js'
import type { ChecksumLike } from '../../../sources/checksum/find-checksum.js'
import { checkWholeNumber } from '../../../transfer/transfer-limits.js'
import type { ImageContext } from '../context.js'
import type { TransferOptions } from '../upload/options.js'

/** What `images.download` takes, whether to a file or a stream. */
export interface DownloadOptions extends TransferOptions {
  /**
   * Resume after the last byte when a connection breaks off; a file also resumes from an earlier download, and keeps
   * what arrived for the next one. False: each attempt begins at the first byte, and nothing is kept.
   * @default true
   */
  readonly resume?: boolean | undefined
  /**
   * Number of connections at once, where the store supports ranges; each fetches other ranges of a file. A stream uses
   * one. More than one pays off where a single connection is slower than the line.
   * @default 1
   */
  readonly concurrency?: number | undefined
  /**
   * The checksum that was published for the data: `sha256:…` (also md5, sha1, sha224, sha384, sha512), or, for a file,
   * a list like SHA256SUMS that contains its name. It is compared in addition to the server's hash.
   */
  readonly checksum?: ChecksumLike | undefined
  /**
   * The ids of the stores to read from, the most preferred first; the server takes another one when they fail. On clouds
   * with several stores, since Glance 33; older servers ignore it.
   * @default the server's order
   */
  readonly prefer?: readonly string[] | undefined
  /** Attempts without progress before the download is given up. @default 8 */
  readonly retries?: number | undefined
  /** Longest silence, in milliseconds, before the connection is given up and another resumes; 0: none. @default the cloud's */
  readonly idleTimeoutMs?: number | undefined
}

const mostConnections = 32

/** @throws UsageError for numbers out of bounds */
export function checkDownloadOptions(options: DownloadOptions): void {
  const { concurrency, retries, idleTimeoutMs, deadlineMs, prefer } = options
  if (prefer?.some((store) => store === '' || store.includes(','))) {
    throw new UsageError(`prefer names a store that there cannot be: ${shown(prefer)}`, { hint: "prefer: ['fast']" })
  }
  checkWholeNumber('deadlineMs', deadlineMs, 1, Number.MAX_SAFE_INTEGER)
  checkWholeNumber('concurrency', concurrency, 1, mostConnections)
  checkWholeNumber('retries', retries, 0, 1_000_000)
  checkWholeNumber('idleTimeoutMs', idleTimeoutMs, 0, 2 ** 31 - 1)
}

/** How patiently data is fetched: number of attempts and pauses. */
export function downloadPolicy(context: ImageContext, options: DownloadOptions): RetryPolicy {
  const policy = retryPolicy('imageData', context.retry)
  return options.retries === undefined ? policy : { ...policy, retries: options.retries }
}
