import { HttpError } from '../../../errors/http-error.js'
import { ConnectionError, TimeoutError } from '../../../errors/connection-errors.js'
import { SourceError } from '../../../errors/transfer-errors.js'
import type { ExpectedChecksum } from '../../../sources/checksum/expected-checksum.js'
import { oneShot } from '../../../sources/one-shot.js'
import type { OpenOptions, Source } from '../../../sources/source.js'
import type { Platform } from '../../../platform/platform.js'
import type { ImageContext } from '../context.js'
import { bestHash, expectedHashes, unverifiable } from '../image-hash.js'
import type { Image, ImageRef } from '../image.js'
import { imageData, type RangeMemory, readSpan, recordWithData, wholeOf } from './image-data.js'
import { checkDownloadOptions, type DownloadOptions } from './options.js'

/** What `images.source` takes. */
export type ImageSourceOptions = Pick<
  DownloadOptions,
  'signal' | 'limitRate' | 'requireVerified' | 'prefer' | 'retries' | 'idleTimeoutMs' | 'resume'
>

/**
 * An image's data as a source for another image or an object. A broken connection resumes after the last byte, and what
 * is read is compared with the image's hash.
 */
export interface ImageSource extends Source {
  /** As it was when the source was made. */
  readonly image: Image
  readonly replayable: true
  readonly isRemote: true
}

/**
 * The data of an image, fetched each time it is read.
 * @throws ImageStatusError while there is no data
 */
export async function imageSource(
  context: ImageContext,
  ranges: RangeMemory,
  ref: ImageRef,
  options: ImageSourceOptions,
): Promise<ImageSource> {
  checkDownloadOptions(options)
  const image = await recordWithData(context, ref, options)
  if (options.requireVerified === true && !(await bestHash(context.platform, image))) throw unverifiable(image)
  return new Reading(context, ranges, image, options)
}

class Reading implements ImageSource {
  readonly image: Image
  readonly label: string
  readonly size: number | undefined
  readonly replayable = true
  readonly isRemote = true
  /** Not every store has ranges, which shows only when one is asked for. */
  readonly seekable = false
  readonly hashes: readonly ExpectedChecksum[]
  readonly #gather: Platform['gather']
  readonly #open: (span: OpenOptions) => AsyncIterable<Uint8Array>
  /** The beginning has been read, the rest has not. */
  #held: Source | undefined
  #active: Source | undefined

  constructor(context: ImageContext, ranges: RangeMemory, image: Image, options: ImageSourceOptions) {
    this.image = image
    this.label = image.name ?? image.id
    this.size = image.size ?? undefined
    this.hashes = expectedHashes(image)
    this.#gather = context.platform.gather
    const isGathered = this.#gather !== undefined
    this.#open = ({ start = 0, end = wholeOf(image).end, signal = options.signal }) =>
      readSpan({ ...imageData(context, ranges, image, { ...options, signal }), isGathered }, { start, end })
  }

  async prepare(): Promise<void> {}

  async peek(length: number, signal?: AbortSignal): Promise<Uint8Array> {
    try {
      return await this.#hold(signal).peek(length, signal)
    } catch (error) {
      throw this.#explained(error)
    }
  }

  async *open(options: OpenOptions = {}): AsyncGenerator<Uint8Array, void> {
    try {
      const bytes = this.#bytes(options)
      if (!this.#gather) yield* bytes
      else if (options.reuse) yield* this.#gather(bytes)
      else yield* copied(this.#gather(bytes))
    } catch (error) {
      throw this.#explained(error)
    }
  }

  async close(): Promise<void> {
    await this.#held?.close?.()
    await this.#active?.close?.()
    this.#held = undefined
    this.#active = undefined
  }

  #bytes({ start = 0, end, signal }: OpenOptions): AsyncIterable<Uint8Array> {
    if (start > 0 || end !== undefined) return this.#open({ start, end, signal })
    this.#active = this.#hold(signal)
    this.#held = undefined
    return this.#active.open({ signal })
  }

  #hold(signal: AbortSignal | undefined): Source {
    this.#held ??= oneShot({ label: this.label, begin: () => this.#open({ signal }) })
    return this.#held
  }

  /** The sender must not take this for a response of the server that it sends to. A refusal (403) is no such response. */
  #explained(error: unknown): unknown {
    const isOfServer =
      (error instanceof HttpError && error.status !== 403) ||
      error instanceof ConnectionError ||
      (error instanceof TimeoutError && error.limit !== 'deadline')
    if (!isOfServer) return error
    const hint = error instanceof HttpError && error.status === 404 ? 'it was deleted in the meantime' : undefined
    return new SourceError(`the image ${this.image.id} can no longer be read: ${error.message}`, { cause: error, hint })
  }
}

/** For a reader that keeps what it reads: each chunk in memory of its own. */
async function* copied(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of chunks) yield new Uint8Array(chunk)
}
