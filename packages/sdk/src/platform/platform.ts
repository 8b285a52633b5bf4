import type { Compression } from './compression.js'
import type { Decoder } from './decoder.js'
import type { UrlGetter } from './url-getter.js'

/** One or more digests of the same bytes, computed as they pass. */
export interface ChunkHash {
  /**
   * Adds the next bytes. No reference to them is kept, so they may be reused or sent on at once; only shared memory is
   * not copied: the last two chunks in it may still be read. If it returns a promise, wait for it before the next call.
   */
  update(chunk: Uint8Array): void | Promise<void>
  /** The digests in lower-case hex, by algorithm name, without those that are not available here. Call it once. */
  digest(): Promise<Readonly<Record<string, string>>>
  /** Discards the hash without a digest. Safe after `digest`, and can be called twice. */
  dispose(): void
}

/**
 * A local file that appears under its name only when it is complete. Until then its bytes are in `<path>.part`, with a
 * small file next to it that identifies the data, so that another process can resume.
 */
export interface FileTarget {
  readonly path: string
  /** The number of bytes at the beginning that an earlier download of the same data left: they need not be fetched. */
  readonly kept: number
  /** Whether the store supports ranges of this data, if an earlier download found out. */
  readonly ranges: boolean | undefined
  /** Writes starting at this offset. Several writers may write at once, to different places. */
  writer(at: number): PartWriter
  /** Records for the next download of the same data whether its store supports ranges. */
  noteRanges(ranges: boolean): Promise<void>
  /** Declares that writers work at several places at once: only bytes before the first gap count as kept. */
  scatter(): Promise<void>
  /** The first `end` bytes, which must have been written and flushed. A chunk's memory is reused for the next one. */
  read(end: number, signal?: AbortSignal): AsyncIterable<Uint8Array>
  /**
   * The digest of the first `sizeBytes`, which must have been written and flushed. It is computed in order while later
   * bytes still arrive; bytes of an earlier download are read from the file. Undefined without an algorithm. Call it
   * once, or again after `restart`.
   * @throws TargetError when the file is shorter
   */
  digest(sizeBytes: number): Promise<string | undefined>
  /** The digest of the first `sizeBytes` with another algorithm, read from the file again. */
  digestWith(algorithm: string, sizeBytes: number): Promise<string>
  /** Discards everything that was written. No writer may be active. */
  restart(): Promise<void>
  /** Syncs the file and renames it to its final name. @throws TargetError */
  commit(): Promise<void>
  /**
   * Closes the file and keeps what was written for another download, or removes it if it cannot be resumed.
   * Returns the number of bytes kept. Safe after `commit` and `discard`, and can be called twice.
   */
  keep(): Promise<number>
  /** Removes what was written. Safe after `commit` and `keep`, and can be called twice. */
  discard(): Promise<void>
}

/** Writes bytes one after the other. */
export interface PartWriter {
  /**
   * Writes a chunk. Its memory may be reused once this is done, so the caller must not read it afterwards.
   * If it returns a promise, wait for it before the next call. @throws TargetError
   */
  write(chunk: Uint8Array): void | Promise<void>
  /** Resolves when everything passed to `write` has been written. @throws TargetError */
  flush(): Promise<void>
}

/** Distinguishes data from other data, as far as the server reports it: if all fields are equal, it is the same. */
export type DataIdentity = Readonly<Record<string, string | number | null>>

export interface FileTargetOptions {
  /** Replaces an existing file. @default false */
  readonly overwrite?: boolean | undefined
  /** The expected size, if known: refused at once when the disk has no room for it. */
  readonly sizeBytes?: number | undefined
  /** Identifies the data: resumes an earlier download of the same data. Absent: starts from the beginning. */
  readonly identity?: DataIdentity | undefined
  /** The algorithm of its digest. */
  readonly algorithm?: string | undefined
}

/** A private key, as PEM text. */
export interface SigningKey {
  readonly pem: string
  readonly passphrase?: string | undefined
}

/** A signature of bytes, computed as they pass. */
export interface DataSigner {
  update(chunk: Uint8Array): void
  /** The signature in base64. Call it once. */
  sign(): string
}

/** What differs between JavaScript runtimes. Implementations: `node/`, `browser/`. */
export interface Platform {
  /**
   * @param algorithms Glance's names, e.g. `sha512`, `md5`
   * @param sizeBytes the expected size, if known; large amounts are hashed off the main thread where possible
   */
  createHash(algorithms: readonly string[], sizeBytes?: number): Promise<ChunkHash>
  /** Whether `createHash` supports this algorithm. */
  supports(algorithm: string): Promise<boolean>
  /** Decodes a compression: with the runtime's decoder if it has one, else with our own, off the main thread. */
  decoder(compression: Compression): Decoder
  /**
   * Signs with RSA-PSS and SHA-256. Absent where bytes cannot be signed as they pass.
   * @throws UsageError for a key that cannot
   */
  createSigner?(key: SigningKey): Promise<DataSigner>
  /**
   * The bytes in larger chunks, in memory that is used again, for a reader as `reuse` of a source's `open` describes it.
   * The chunks they come from are consumed. Absent where memory cannot be used again.
   */
  readonly gather?: (data: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>
  /** Reads http and https addresses outside of the cloud. */
  readonly getUrl: UrlGetter
  /** @throws TargetError when the file cannot be written; UsageError where there are no files */
  openTarget(path: string, options?: FileTargetOptions): Promise<FileTarget>
}
