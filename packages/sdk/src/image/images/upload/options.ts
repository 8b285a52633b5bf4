import type { Problem } from '@tyrax/disk-image'
import type { DiskFormat } from '@tyrax/protocol'
import type { Compression } from '../../../platform/compression.js'
import type { ChecksumLike } from '../../../sources/checksum/find-checksum.js'
import type { SourceChecksum } from '../../../sources/checksum/published-checksum.js'
import type { OnProgress } from '../../../transfer/progress.js'
import type { OnDamaged, Verdict } from '../../../transfer/verdict.js'
import type { Timeouts } from '../../../transport/transport.js'
import type { Image } from '../image.js'

/** What every call takes that transfers an image's data. */
export interface TransferOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: OnProgress | undefined
  /**
   * Bytes per second, in addition to the limit of `connect({ transfers })` for all transfers together.
   * @default no limit
   */
  readonly limitRate?: number | undefined
  /**
   * Fail instead of returning the verdict `unverifiable`, when the server publishes no hash that can be computed here:
   * throws an IntegrityError, before the first byte of a download or after the last byte of an upload. @default false
   */
  readonly requireVerified?: boolean | undefined
  /** Limit of the whole call, in milliseconds; past it, a TimeoutError with the limit `deadline`. @default none */
  readonly deadlineMs?: number | undefined
}

/** What every call takes that sends an image's data. */
export interface SendOptions extends TransferOptions {
  /**
   * Send data that would be refused: data that cannot be a valid image, that the image service does not accept, or that
   * is empty. The reasons for refusing it are then reported as warnings. @default false
   */
  readonly force?: boolean | undefined
  /** Called for each doubt about the data, before anything is created or sent. */
  readonly onWarning?: ((problem: Problem) => void) | undefined
  /** The id of the store to use, on clouds with several. @default the cloud's */
  readonly store?: string | undefined
  /**
   * Limits of the exchange that sends the data. The server may be silent for a long time after the last byte, while its
   * store flushes: here `headersTimeoutMs` is an hour by default. @default the cloud's
   */
  readonly timeouts?: Partial<Timeouts> | undefined
  /**
   * How long an image may stay `saving` after a failed attempt before the upload is given up, in milliseconds.
   * @default 300_000 when all bytes were sent, which the server may still be storing; otherwise 30_000
   */
  readonly settleTimeoutMs?: number | undefined
  /**
   * Called with the error when a source that is read over a network arrives damaged (according to its published
   * checksum or its compression), before all of it is read and sent again.
   */
  readonly onDamaged?: OnDamaged | undefined
}

/** How data is processed between its source and the server. */
export interface SourceOptions {
  /**
   * `auto`: data that is compressed with gzip, xz, zstd or bzip2, by its first bytes, is decompressed while it is sent,
   * unless the container format is not `bare` or the disk format may itself be compressed. false: sent as it is.
   * @default 'auto'
   */
  readonly decompress?: 'auto' | false | undefined
  /**
   * The checksum that was published for the source, before decompression: `sha256:…` (also md5, sha1, sha224, sha384,
   * sha512), or a list like SHA256SUMS, by its http address or as a source, which contains the source's file name. Data
   * that does not match is an error, and nothing of it stays on the server.
   */
  readonly sourceChecksum?: ChecksumLike | undefined
  /** @deprecated An image's `checksum` is a different one, of the stored data: use `sourceChecksum`. */
  readonly checksum?: ChecksumLike | undefined
}

/** How an image's data is signed: with RSA-PSS and SHA-256. */
export interface ImageSigning {
  /** The private key, as PEM text. */
  readonly key: string
  /** Of an encrypted key. */
  readonly passphrase?: string | undefined
  /** The id of the key's certificate in the cloud's key manager (Barbican), with which Glance and Nova verify. */
  readonly certificateId: string
}

/** What the calls take that put data into a record of their own or a queued one. */
export interface SignOptions {
  /**
   * Sign the data, so that Glance and Nova verify it: Node.js only, for data that can be read twice. It is read once
   * before it is sent, because the image has its signature when the data arrives.
   * @default not signed
   */
  readonly sign?: ImageSigning | undefined
}

/** What was done to a source. */
export interface SourceReport {
  /** How the source was compressed, if it was decompressed. */
  readonly decompressed?: Compression
  /** The published checksum, when one was given. */
  readonly sourceChecksum?: SourceChecksum
  /**
   * Possible problems with the data, if any were found; with `force`, also the reasons for which it would have been
   * refused.
   */
  readonly warnings?: readonly Problem[]
}

/** What `images.upload` takes. */
export interface UploadOptions extends SendOptions, SourceOptions, SignOptions {
  /**
   * For an image that was created without a format: the format to set, or `auto` to detect it from the data. Any name
   * compiles, since operators configure which formats their cloud accepts.
   * @default 'auto' when the image has none
   */
  readonly diskFormat?: 'auto' | DiskFormat | undefined
  /**
   * Leave the record on the server when the upload fails, so that it can be uploaded to again; an image that was stored
   * incorrectly is deactivated. False: the record is removed, like one that `create` made.
   * @default true
   */
  readonly keepOnFailure?: boolean | undefined
}

/** The result of an upload. */
export interface UploadResult extends SourceReport {
  /** As the server reports it now: active. */
  readonly image: Image
  readonly verdict: Verdict
  readonly bytes: number
  readonly osHashAlgo: string | null
  readonly osHashValue: string | null
}
