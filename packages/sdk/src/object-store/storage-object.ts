import type { ExpectedChecksum } from '../sources/checksum/expected-checksum.js'
import type { OpenOptions, Source } from '../sources/source.js'
import { webStream } from '../transfer/web-stream.js'
import type { ByteRange } from './byte-range.js'
import type { LargeKind } from './large/manifest.js'
import type { Metadata } from './headers.js'
import { type ReadContext, readObject } from './read-object.js'

/** What object storage reports about an object. */
export interface ObjectInfo {
  readonly name: string
  readonly container: string
  readonly bytes: number
  /** MD5 of the bytes in lower-case hex; for a large object, the MD5 of its segments' concatenated ETags. */
  readonly etag: string
  readonly contentType: string | undefined
  /**
   * How the stored bytes are encoded, such as `gzip`. Length, `etag` and the bytes that are read are those of the
   * stored data.
   */
  readonly contentEncoding: string | undefined
  readonly lastModified: Date | undefined
  readonly metadata: Metadata
  /** How it is made of segments; undefined for an object that has its own bytes. */
  readonly large: LargeKind | undefined
}

/**
 * An object in object storage, as it was when it was looked up. Its bytes are fetched again each time they are read, so
 * that it can be a source as often as needed; if it has been replaced since, reading fails instead of mixing the two.
 */
export class StorageObject implements ObjectInfo, Source {
  readonly name: string
  readonly container: string
  readonly bytes: number
  readonly etag: string
  readonly contentType: string | undefined
  readonly contentEncoding: string | undefined
  readonly lastModified: Date | undefined
  readonly metadata: Metadata
  readonly large: LargeKind | undefined
  readonly #context: ReadContext

  /** @internal */
  constructor(context: ReadContext, info: ObjectInfo) {
    this.#context = context
    this.name = info.name
    this.container = info.container
    this.bytes = info.bytes
    this.etag = info.etag
    this.contentType = info.contentType
    this.contentEncoding = info.contentEncoding
    this.lastModified = info.lastModified
    this.metadata = info.metadata
    this.large = info.large
  }

  get label(): string {
    return `${this.container}/${this.name}`
  }

  get size(): number {
    return this.bytes
  }

  get replayable(): true {
    return true
  }

  get isRemote(): true {
    return true
  }

  /** The ETag of an object that has its own bytes. */
  get hashes(): readonly ExpectedChecksum[] {
    if (this.large !== undefined || !/^[0-9a-f]{32}$/.test(this.etag)) return []
    return [{ algorithm: 'md5', value: this.etag }]
  }

  async prepare(): Promise<void> {}

  /** The bytes, or a range of them, as a web stream. */
  stream(options: { readonly range?: ByteRange | undefined; readonly signal?: AbortSignal | undefined } = {}) {
    const { range, signal } = options
    return webStream(this.#read(range, signal))
  }

  open({ start = 0, end, signal }: OpenOptions = {}): AsyncIterable<Uint8Array> {
    const isWhole = start === 0 && (end === undefined || end >= this.bytes)
    return this.#read(isWhole ? undefined : { start, ...(end !== undefined && { end: end - 1 }) }, signal)
  }

  async peek(length: number, signal?: AbortSignal): Promise<Uint8Array> {
    const wanted = Math.min(length, this.bytes)
    if (wanted === 0) return new Uint8Array()
    const head = new Uint8Array(wanted)
    let filled = 0
    for await (const chunk of this.#read({ start: 0, end: wanted - 1 }, signal)) {
      head.set(chunk.subarray(0, wanted - filled), filled)
      filled += Math.min(chunk.byteLength, wanted - filled)
    }
    return head.subarray(0, filled)
  }

  #read(range: ByteRange | undefined, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void, undefined> {
    return readObject(this.#context, this, range, signal)
  }
}
