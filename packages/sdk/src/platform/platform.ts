import type { Compression } from './compression.js'
import type { Decoder } from './decoder.js'
import type { UrlGetter } from './url-getter.js'

/** One or several digests of the same bytes, computed as they pass. */
export interface ChunkHash {
  /**
   * Takes the next bytes; they may be reused or sent on at once, nothing keeps them.
   * A promise means: wait for it before giving more.
   */
  update(chunk: Uint8Array): void | Promise<void>
  /** The digests in lower-case hex, by algorithm name. An algorithm that is not available here is absent. Once. */
  digest(): Promise<Readonly<Record<string, string>>>
  /** Lets go of it without a digest. Safe after `digest`, and twice. */
  dispose(): void
}

/**
 * A local file that appears under its name only when it is whole. Until then its bytes are in `<path>.part`, with a
 * small file beside it that says of what they are a part, so that another process can go on.
 */
export interface FileTarget {
  readonly path: string
  /** Bytes at the beginning that an earlier download of the same data left, and that need not be fetched again. */
  readonly kept: number
  /** Whether the store gives parts of this data, as far as an earlier download found out. */
  readonly ranges: boolean | undefined
  /** Writes from this offset on. Several may write at once, to different places. */
  writer(at: number): PartWriter
  /** Keeps for the next download of the same data whether its store gives parts. */
  noteRanges(ranges: boolean): Promise<void>
  /** Tells that writers work at several places at once: only bytes without a gap before them count as kept. */
  scatter(): Promise<void>
  /** The first `end` bytes, all of which have been written and flushed. A chunk's memory is used again for the next. */
  read(end: number, signal?: AbortSignal): AsyncIterable<Uint8Array>
  /**
   * The digest of the first `sizeBytes`, all of which have been written and flushed. It is taken of what was written, in
   * order, while later bytes still arrive; what an earlier download left is read from the file. Undefined without an
   * algorithm. Once, until `restart`.
   * @throws TargetError when the file ends before
   */
  digest(sizeBytes: number): Promise<string | undefined>
  /** The digest of the first `sizeBytes` with another algorithm, read from the file once more. */
  digestWith(algorithm: string, sizeBytes: number): Promise<string>
  /** Forgets all that was written. No writer may be at work. */
  restart(): Promise<void>
  /** Syncs and renames into place. @throws TargetError */
  commit(): Promise<void>
  /**
   * Closes it, and leaves what was written for another download; removes it where that would be no use.
   * Gives the bytes that are left. Safe after `commit` and `discard`, and twice.
   */
  keep(): Promise<number>
  /** Removes what was written. Safe after `commit` and `keep`, and twice. */
  discard(): Promise<void>
}

/** Writes bytes one after the other. */
export interface PartWriter {
  /**
   * Takes the chunk, whose memory may hold other bytes once this is done, so nobody else looks at it any more.
   * A promise means: wait for it before giving more. @throws TargetError
   */
  write(chunk: Uint8Array): void | Promise<void>
  /** Resolves when all that was given is written. @throws TargetError */
  flush(): Promise<void>
}

/** What tells data apart from any other, as far as the server tells. Equal in all fields: the same data. */
export type DataIdentity = Readonly<Record<string, string | number | null>>

export interface FileTargetOptions {
  /** Replace what is there. @default false */
  readonly overwrite?: boolean | undefined
  /** What is going to be written, where it is known: refused at once when the disk has no room for it. */
  readonly sizeBytes?: number | undefined
  /** Of which data it is a file: go on with what an earlier download of the same data left. Absent: start anew. */
  readonly identity?: DataIdentity | undefined
  /** What to hash it with. */
  readonly algorithm?: string | undefined
}

/** What differs from one JavaScript runtime to the next. Implementations: `node/`, `browser/`. */
export interface Platform {
  /**
   * @param algorithms Glance's names, e.g. `sha512`, `md5`
   * @param sizeBytes how much is to come, where known; large amounts are hashed beside the main thread where that can be
   */
  createHash(algorithms: readonly string[], sizeBytes?: number): Promise<ChunkHash>
  /** Whether `createHash` has this algorithm. */
  supports(algorithm: string): Promise<boolean>
  /** What undoes a compression: with what the runtime has for it, else with our own decoder, beside the main thread. */
  decoder(compression: Compression): Decoder
  /** Reads http and https addresses that belong to no cloud. */
  readonly getUrl: UrlGetter
  /** @throws TargetError when the file cannot be written; UsageError where there are no files */
  openTarget(path: string, options?: FileTargetOptions): Promise<FileTarget>
}
