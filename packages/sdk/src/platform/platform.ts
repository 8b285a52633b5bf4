import type { Decoder } from '../sources/decompress/decoder.js'

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

/** A local file that appears under its name only when it is whole. */
export interface FileTarget {
  readonly path: string
  write(chunk: Uint8Array): void | Promise<void>
  /** Syncs and renames into place. @throws TargetError */
  commit(): Promise<void>
  /** Removes what was written. Safe after `commit`, and twice. */
  discard(): Promise<void>
}

export interface FileTargetOptions {
  /** Replace what is there. @default false */
  readonly overwrite?: boolean | undefined
  /** What is going to be written, where it is known: refused at once when the disk has no room for it. */
  readonly sizeBytes?: number | undefined
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
  /** Undoes gzip with what the runtime has for it. */
  readonly gunzip: Decoder
  /** @throws TargetError when the file cannot be written; UsageError where there are no files */
  openTarget(path: string, options?: FileTargetOptions): Promise<FileTarget>
}
