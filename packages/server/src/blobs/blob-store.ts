import type { HashAlgorithm } from './hash-algorithms.js'

/** What is known about bytes once they are stored. */
export interface StoredBlob {
  readonly key: string
  readonly sizeBytes: number
  /** Lower-case hex. */
  readonly md5: string
  /** The digest that was requested, in lower-case hex. */
  readonly hash?: string | undefined
}

/** Options for writing a blob. */
export interface WriteOptions {
  /** Also compute this digest (Glance's `os_hash_algo`). @default none */
  readonly hash?: HashAlgorithm | undefined
  /** Stop with BlobTooLarge past this many bytes. */
  readonly limitBytes?: number | undefined
  /** Called with each chunk before it is written; if it throws, the write ends and nothing is kept. */
  readonly onChunk?: ((chunk: Uint8Array) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** How a blob is read. */
export interface ReadOptions {
  /**
   * If true, the reader is done with a chunk when it asks for the next but one, so that the memory is used again.
   * @default false: the reader may keep every chunk
   */
  readonly reuse?: boolean | undefined
}

/**
 * Stores bytes in files. A blob is written under a temporary name, hashed as it streams, fsynced, and only then
 * `publish`ed under its key, in the same step in which the caller writes its row. An unpublished blob does not exist.
 */
export interface BlobStore {
  /** Streams into a temporary file, which is removed on any failure. */
  write(source: AsyncIterable<Uint8Array>, options?: WriteOptions): Promise<PendingBlob>
  /** `end` is inclusive, as in HTTP ranges. @throws when the blob does not exist */
  read(key: string, range?: { start: number; end: number }, options?: ReadOptions): AsyncIterable<Uint8Array>
  delete(key: string): Promise<void>
  has(key: string): Promise<boolean>
  /** The path of the blob's file, whether it exists or not. */
  fileOf(key: string): string
}

/** A written, unpublished blob. The caller must call exactly one of `publish` and `discard`. */
export interface PendingBlob extends StoredBlob {
  /**
   * Moves the blob into place, syncs the folder, then runs `commit` (the row). If `commit` throws, the blob is removed.
   */
  publish(commit: () => void): Promise<void>
  discard(): Promise<void>
}

/** More bytes arrived than `limitBytes` allows. */
export class BlobTooLarge extends Error {
  override readonly name = 'BlobTooLarge'
  readonly limitBytes: number

  constructor(limitBytes: number) {
    super(`more than ${limitBytes} bytes`)
    this.limitBytes = limitBytes
  }
}

/** No blob has this key. */
export class BlobMissing extends Error {
  override readonly name = 'BlobMissing'

  constructor(key: string, options?: ErrorOptions) {
    super(`no blob ${key}`, options)
  }
}

/** The disk or the user's quota is full. */
export class BlobStorageFull extends Error {
  override readonly name = 'BlobStorageFull'

  constructor(cause: unknown) {
    super('there is no space left for data', { cause })
  }
}
