import type { ResponseHeaders } from '../transport/response-headers.js'
import { path } from '../client/path.js'
import type { ServiceClient, ServiceResponse } from '../client/service-client.js'
import { SourceError } from '../errors/transfer-errors.js'
import { UsageError } from '../errors/tyrax-error.js'
import type { OpenOptions, Source } from '../sources/source.js'
import type { Metadata } from './metadata.js'

/** Bytes of an object, counted from 0; `end` is the last one and included. */
export interface ByteRange {
  readonly start: number
  readonly end?: number | undefined
}

/** What object storage says about an object. */
export interface ObjectInfo {
  readonly name: string
  readonly container: string
  readonly bytes: number
  /** MD5 of the bytes in lower-case hex, but for large objects that are made of segments. */
  readonly etag: string
  readonly contentType: string | undefined
  readonly lastModified: Date | undefined
  readonly metadata: Metadata
}

/**
 * An object in object storage, as it was when it was looked up. Its bytes are fetched when they are read, every time
 * anew, so that it can be a source as often as needed; one that has been replaced since is an error, not a mixture.
 */
export class StorageObject implements ObjectInfo, Source {
  readonly name: string
  readonly container: string
  readonly bytes: number
  readonly etag: string
  readonly contentType: string | undefined
  readonly lastModified: Date | undefined
  readonly metadata: Metadata
  readonly #client: ServiceClient

  constructor(client: ServiceClient, info: ObjectInfo) {
    this.#client = client
    this.name = info.name
    this.container = info.container
    this.bytes = info.bytes
    this.etag = info.etag
    this.contentType = info.contentType
    this.lastModified = info.lastModified
    this.metadata = info.metadata
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

  async prepare(): Promise<void> {}

  /** The bytes as a web stream, or some of them. */
  stream(options: { readonly range?: ByteRange | undefined; readonly signal?: AbortSignal | undefined } = {}) {
    const { range, signal } = options
    const data = this.#read(range, signal)
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const result = await data.next()
          if (result.done) controller.close()
          else controller.enqueue(result.value)
        },
        async cancel() {
          await data.return()
        },
      },
      { highWaterMark: 0 },
    )
  }

  open({ start = 0, signal }: OpenOptions = {}): AsyncIterable<Uint8Array> {
    return this.#read(start === 0 ? undefined : { start }, signal)
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

  async *#read(
    range: ByteRange | undefined,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const expected = lengthOf(range, this.bytes)
    const response = await this.#client.request({
      method: 'GET',
      path: path`/${this.container}/${this.name}`,
      headers: range ? { range: `bytes=${range.start}-${range.end ?? ''}` } : {},
      signal,
    })
    await this.#checkSame(response, range !== undefined)
    let count = 0
    for await (const chunk of response.body) {
      count += chunk.byteLength
      yield chunk
    }
    if (count !== expected) {
      throw new SourceError(`${this.label} gave ${count} bytes where ${expected} were expected`)
    }
  }

  async #checkSame(response: ServiceResponse, ranged: boolean): Promise<void> {
    const etag = etagOf(response.headers)
    const problem =
      etag !== this.etag
        ? 'was replaced since it was looked up'
        : ranged && response.status !== 206
          ? 'cannot be read in parts'
          : undefined
    if (problem === undefined) return
    // Not drained: it may be gigabytes.
    await response.body[Symbol.asyncIterator]().return?.()
    throw new SourceError(`${this.label} ${problem}`, { hint: 'look it up again' })
  }
}

/** Swift gives it bare, and quoted for objects that are made of segments. */
export function etagOf(headers: ResponseHeaders): string {
  return (headers.get('etag') ?? '').replaceAll('"', '').toLowerCase()
}

function lengthOf(range: ByteRange | undefined, bytes: number): number {
  if (!range) return bytes
  const { start, end } = range
  const whole = Number.isSafeInteger(start) && start >= 0 && (end === undefined || Number.isSafeInteger(end))
  if (!whole || (end !== undefined && end < start) || start >= bytes) {
    throw new UsageError(`there is no range ${start}-${end ?? ''} in ${bytes} bytes`, {
      hint: 'count from 0; end is the last byte, included',
    })
  }
  return Math.min(end ?? bytes - 1, bytes - 1) - start + 1
}
