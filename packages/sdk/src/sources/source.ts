/** How a {@link Source} is opened. */
export interface OpenOptions {
  /** First byte, from the source's beginning. @default 0 */
  readonly start?: number | undefined
  /** Before which byte to end: a source that reads on demand reads no further, others may give more. @default the end */
  readonly end?: number | undefined
  /**
   * The reader is done with a chunk when it asks for the next but one, whose memory may be the same. A source that makes
   * use of this gives chunks of 64 KiB and more, but for the last.
   * @default false: every chunk is the reader's for good
   */
  readonly reuse?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Where bytes come from: a file, a URL, a stream, memory, a stored object. Says its size where it knows it and
 * whether it can be opened more than once; whoever retries asks the source.
 */
export interface Source {
  /** What messages call it: a path, a URL, `stream`. */
  readonly label: string
  /** In bytes; undefined where it is not known before the end. May be filled in by `prepare`. */
  readonly size: number | undefined
  readonly replayable: boolean
  /** Its bytes come over a network: what arrives damaged is fetched once more where a whole transfer can be. @default false */
  readonly isRemote?: boolean | undefined
  /** The MD5 of all of its bytes, where the place that it comes from tells: what is read is compared with it. */
  readonly md5?: string | undefined
  /** The Content-Encoding that the runtime undid, so that these are not the bytes that were published. @default none */
  readonly undone?: string | undefined
  /** Whether `open({ start, end })` costs no more than that part. @default the same as `replayable` */
  readonly seekable?: boolean | undefined
  /**
   * The same bytes as a Blob, for runtimes that cannot send what they read. A source that compares its bytes with something
   * has done so then. Absent where there is none. @throws as reading it would
   */
  readonly blob?: ((signal?: AbortSignal) => Promise<Blob>) | undefined
  /**
   * Finds out what can be known before the first byte is sent: that it exists, is readable, its size.
   * Called before any record is made on the server. Safe to call twice.
   * @throws SourceError naming what is wrong
   */
  prepare(signal?: AbortSignal): Promise<void>
  /**
   * The bytes. A source that is not `replayable` throws SourceError when opened a second time.
   * The iteration throws SourceError when the source changes while it is read or cannot be read on.
   */
  open(options?: OpenOptions): AsyncIterable<Uint8Array>
  /** The first bytes, without consuming them: a later `open` still begins with them. */
  peek(length: number, signal?: AbortSignal): Promise<Uint8Array>
  /** Lets go of what `prepare` or `peek` opened and nothing has read, and ends a reading that was left. Safe to call twice. */
  close?(): Promise<void>
}
