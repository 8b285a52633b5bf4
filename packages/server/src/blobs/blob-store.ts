/** What is known of bytes once they are stored. */
export interface StoredBlob {
  readonly key: string
  readonly sizeBytes: number
  /** Lower-case hex. */
  readonly md5: string
  /** Lower-case hex; only where asked for. */
  readonly sha512?: string | undefined
}

/** How a blob is written. */
export interface WriteOptions {
  /** Also compute SHA-512 (Glance's default `os_hash_algo`). @default false */
  readonly sha512?: boolean | undefined
  /** Stop with BlobTooLarge past this many bytes. */
  readonly limitBytes?: number | undefined
  /** Sees each chunk before it is written; a throw ends the write and nothing is kept. */
  readonly onChunk?: ((chunk: Uint8Array) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Files for bytes. A blob is written to a temporary name, hashed as it streams, fsynced, and only then `publish`ed
 * under its key by a rename, which the caller does in the same step as its row. What is not published does not exist.
 */
export interface BlobStore {
  /** Streams into a temporary file. On any failure the temporary file is gone. */
  write(source: AsyncIterable<Uint8Array>, options?: WriteOptions): Promise<PendingBlob>
  /** `end` is inclusive, as in HTTP ranges. @throws when there is no such blob */
  read(key: string, range?: { start: number; end: number }): AsyncIterable<Uint8Array>
  delete(key: string): Promise<void>
  has(key: string): Promise<boolean>
}

/** A written, unpublished blob. Exactly one of `publish` and `discard` ends it. */
export interface PendingBlob extends StoredBlob {
  /** Puts it into place and syncs the folder; then runs `commit` (the row). If `commit` throws, the blob is removed. */
  publish(commit: () => void): Promise<void>
  discard(): Promise<void>
}

/** More bytes came than `limitBytes` allows. */
export class BlobTooLarge extends Error {
  override readonly name = 'BlobTooLarge'
  readonly limitBytes: number

  constructor(limitBytes: number) {
    super(`more than ${limitBytes} bytes`)
    this.limitBytes = limitBytes
  }
}

/** There are no bytes under this key. */
export class BlobMissing extends Error {
  override readonly name = 'BlobMissing'

  constructor(key: string, options?: ErrorOptions) {
    super(`no blob ${key}`, options)
  }
}

/** The disk, or the user's share of it, is used up. */
export class BlobStorageFull extends Error {
  override readonly name = 'BlobStorageFull'

  constructor(cause: unknown) {
    super('there is no space left for data', { cause })
  }
}
