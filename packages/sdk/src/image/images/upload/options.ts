import type { Problem } from '@tyrax/disk-image'
import type { DiskFormat } from '@tyrax/protocol'
import type { Compression } from '../../../platform/compression.js'
import type { ChecksumLike } from '../../../sources/checksum/find-checksum.js'
import type { SourceChecksum } from '../../../sources/checksum/published-checksum.js'
import type { OnProgress } from '../../../transfer/progress.js'
import type { OnDamaged, Verdict } from '../../../transfer/verdict.js'
import type { Timeouts } from '../../../transport/transport.js'
import type { Image } from '../image.js'

/** What every call takes that moves an image's data. */
export interface TransferOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: OnProgress | undefined
  /** Bytes per second, as well as what `connect({ transfers })` allows all transfers together. @default no limit */
  readonly limitRate?: number | undefined
  /**
   * Refuse to end well with the verdict `unverifiable`, from a server that publishes no hash which can be computed here:
   * an IntegrityError instead, before the first byte of a download, after the last of an upload. @default false
   */
  readonly requireVerified?: boolean | undefined
  /** For the whole call, in milliseconds; a TimeoutError with the limit `deadline`. @default none */
  readonly deadlineMs?: number | undefined
}

/** What every call takes that sends an image's data. */
export interface SendOptions extends TransferOptions {
  /**
   * Send data that would be refused: that cannot be a right image, that the image service does not take, or none at all.
   * What was refused is then a warning. @default false
   */
  readonly force?: boolean | undefined
  /** Called for each doubt about the data, before anything is made or sent. */
  readonly onWarning?: ((problem: Problem) => void) | undefined
  /** The id of the store to put it in, on clouds with several. @default the cloud's */
  readonly store?: string | undefined
  /**
   * Limits of the exchange that sends the data. The server may be silent for long after the last byte, while its store
   * flushes: `headersTimeoutMs` is an hour here where nothing is said. @default the cloud's
   */
  readonly timeouts?: Partial<Timeouts> | undefined
  /**
   * How long an image may stay `saving` after a broken attempt before it is given up, in milliseconds.
   * @default 300_000 when all bytes had left, which the server may still be storing; else 30_000
   */
  readonly settleTimeoutMs?: number | undefined
  /**
   * Called with what was wrong when a source that comes over a network came damaged (its published checksum or its
   * compression says so), before all of it is read and sent once more.
   */
  readonly onDamaged?: OnDamaged | undefined
}

/** What may be done with data between its source and the server. */
export interface SourceOptions {
  /**
   * `auto`: data that is compressed with gzip, xz, zstd or bzip2, by its first bytes, is decompressed on its way, unless
   * the container format is another than `bare` or the disk format allows it compressed. false: sent as it is.
   * @default 'auto'
   */
  readonly decompress?: 'auto' | false | undefined
  /**
   * The checksum that was published for the source, as it is before decompression: `sha256:…` (also md5, sha1, sha224,
   * sha384, sha512), or a list like SHA256SUMS, by its http address or as a source, in which the source is found by its
   * file name. Data that does not match is an error, and nothing of it stays.
   */
  readonly sourceChecksum?: ChecksumLike | undefined
  /** @deprecated An image's `checksum` is another one, of what is stored: use `sourceChecksum`. */
  readonly checksum?: ChecksumLike | undefined
}

/** What was made of a source. */
export interface SourceReport {
  /** How the source was compressed, when that was undone. */
  readonly decompressed?: Compression
  /** The published checksum, when one was given. */
  readonly sourceChecksum?: SourceChecksum
  /** What may be wrong with the data, when there was something to say; what was refused as well, where it was forced. */
  readonly warnings?: readonly Problem[]
}

/** What `images.upload` takes. */
export interface UploadOptions extends SendOptions, SourceOptions {
  /**
   * For an image that was created without a format: the one to give it, or `auto` for what the data is. Any name
   * compiles, since operators configure which formats their cloud takes.
   * @default 'auto' where the image has none
   */
  readonly diskFormat?: 'auto' | DiskFormat | undefined
  /**
   * Leave the record on the server when the upload fails, to be uploaded to again; what was stored wrong is deactivated.
   * False: it is removed, like one that `create` made.
   * @default true
   */
  readonly keepOnFailure?: boolean | undefined
}

/** What became of an upload. */
export interface UploadResult extends SourceReport {
  /** As the server has it now: active. */
  readonly image: Image
  readonly verdict: Verdict
  readonly bytes: number
  readonly osHashAlgo: string | null
  readonly osHashValue: string | null
}
