import type { ExpectedChecksum } from './checksum/expected-checksum.js'

/** How a {@link Source} is opened. */
export interface OpenOptions {
  /** First byte, from the source's beginning. @default 0 */
  readonly start?: number | undefined
  /** The byte before which to end: a source that reads on demand stops there, others may go on. @default the end */
  readonly end?: number | undefined
  /**
   * If true, the reader holds on to at most the last three chunks, so older memory may be reused. A source that does this
   * returns chunks of at least 64 KiB, except for the last.
   * @default false: the reader may keep every chunk
   */
  readonly reuse?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Where bytes come from: a file, a URL, a stream, memory, a stored object. It declares its size, if known, and whether
 * it can be opened more than once, which decides whether an operation can be retried.
 */
export interface Source {
  /** Its name in messages: a path, a URL, `stream`. */
  readonly label: string
  /** In bytes; undefined if it is not known before the end. `prepare` may set it. */
  readonly size: number | undefined
  readonly replayable: boolean
  /** Its bytes come over a network: if they arrive damaged, a transfer is repeated once if possible. @default false */
  readonly isRemote?: boolean | undefined
  /** The digests of all its bytes that its origin reports, the most trusted first: what is read is compared with one. */
  readonly hashes?: readonly ExpectedChecksum[] | undefined
  /** The Content-Encoding that the runtime has decoded, so these are not the published bytes. @default none */
  readonly undone?: string | undefined
  /** Whether `open({ start, end })` reads only that range. @default the same as `replayable` */
  readonly seekable?: boolean | undefined
  /**
   * The same bytes as a Blob, for runtimes that cannot stream a body. A source that compares its bytes with a checksum
   * has done so when this resolves. Absent if there is none. @throws the errors of reading it
   */
  readonly blob?: ((signal?: AbortSignal) => Promise<Blob>) | undefined
  /**
   * Checks what can be checked before the first byte is sent: that it exists and is readable, and its size. Called
   * before any record is created on the server. Can be called twice.
   * @throws SourceError naming what is wrong
   */
  prepare(signal?: AbortSignal): Promise<void>
  /**
   * The bytes. A source that is not `replayable` throws SourceError when it is opened a second time. The iteration
   * throws SourceError when the source changes while it is read, or reading fails.
   */
  open(options?: OpenOptions): AsyncIterable<Uint8Array>
  /** The first bytes, without consuming them: a later `open` still begins with them. */
  peek(length: number, signal?: AbortSignal): Promise<Uint8Array>
  /** Releases what `prepare` or `peek` opened and was not read, and stops an abandoned reading. Can be called twice. */
  close?(): Promise<void>
}
